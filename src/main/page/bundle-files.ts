import { realpath, stat } from 'node:fs/promises'
import { extname, isAbsolute, relative, resolve, sep } from 'node:path'

const mimeTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
}

/** The media type of a file by its name; what is unknown is downloaded, never sniffed. */
export function mimeType(file: string): string {
  return mimeTypes[extname(file).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The file of the bundle that a URL path names.
 * @param root Folder of the built page.
 * @param urlPath Path as it stood in the request: still percent-encoded, a query may follow.
 * @returns its absolute path with links resolved, or `null` when there is no such file inside `root`.
 */
export async function findBundleFile(root: string, urlPath: string): Promise<string | null> {
  const path = decodePath(urlPath)
  if (path === null) return null
  const base = await realpath(root)
  const wanted = resolve(base, path === '' ? 'index.html' : path)
  if (!isInside(base, wanted)) return null
  try {
    // A link inside the bundle may still point out of it.
    const file = await realpath(wanted)
    return isInside(base, file) && (await stat(file)).isFile() ? file : null
  } catch {
    return null
  }
}

/** Decodes exactly once, then refuses everything that a file system could read as more than names. */
function decodePath(urlPath: string): string | null {
  const encoded = urlPath.replace(/[?#].*$/s, '')
  if (!encoded.startsWith('/')) return null
  let path: string
  try {
    path = decodeURIComponent(encoded.slice(1))
  } catch {
    return null
  }
  if (/[\0\\:]/.test(path)) return null
  if (path === '') return path
  const names = path.split('/')
  return names.every((name) => name !== '' && name !== '.' && name !== '..') ? path : null
}

function isInside(base: string, file: string): boolean {
  const path = relative(base, file)
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}
