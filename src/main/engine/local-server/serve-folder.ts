import { createReadStream, type Stats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { lookup } from 'mrmime'

/**
 * Answers with a file of a folder, `index.html` for a folder within it, and never with a list of files.
 * Nothing outside of the folder is reached, also not by a link in it, and nothing whose name begins
 * with a dot.
 * @param path of the request below the route, percent-encoded, without a slash in front; `null` for the
 * route itself without the slash at its end.
 */
export async function serveFolder(
  root: string,
  path: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answer(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' })
  const found = path === null ? 'folder' : await findFile(root, path)
  if (found === null) return answer(response, 404, 'There is no such file.')
  if (found === 'folder') {
    // Relative links of its page work only below it.
    const [asked = '', ...query] = (request.url ?? '/').split('?')
    const last = asked.slice(asked.lastIndexOf('/') + 1)
    const search = query.length > 0 ? `?${query.join('?')}` : ''
    return answer(response, 301, 'It is a folder.', { Location: `./${last}/${search}` })
  }
  const { file, size, mtime } = found
  response.writeHead(200, {
    'Content-Type': contentType(file),
    'Content-Length': size,
    'Last-Modified': mtime.toUTCString(),
    'Cache-Control': 'no-cache',
  })
  if (request.method === 'HEAD') return void response.end()
  // A client that leaves ends the reading; nobody waits for the rest.
  await pipeline(createReadStream(file, { end: Math.max(0, size - 1) }), response).catch(() =>
    response.destroy(),
  )
}

interface FoundFile {
  readonly file: string
  readonly size: number
  readonly mtime: Date
}

async function findFile(root: string, path: string): Promise<FoundFile | 'folder' | null> {
  const names = namesOf(path)
  if (!names) return null
  const home = await realpath(root).catch(() => null)
  if (home === null) return null
  const named = await inside(home, join(home, ...names))
  if (!named) return null
  if (!named.stats.isDirectory()) return path.endsWith('/') ? null : fileOf(named)
  if (path !== '' && !path.endsWith('/')) return 'folder'
  const index = await inside(home, join(named.file, 'index.html'))
  return index && fileOf(index)
}

/** The names between the slashes, decoded; `null` when one could lead elsewhere. */
function namesOf(path: string): string[] | null {
  try {
    const names = path.split('/').map(decodeURIComponent)
    const plain = names.filter((name) => name !== '')
    return plain.every((name) => !name.startsWith('.') && !/[\\/:\0]/.test(name)) ? plain : null
  } catch {
    return null
  }
}

/** What a path leads to once all links are followed, if that is within the folder. */
async function inside(
  home: string,
  path: string,
): Promise<{ readonly file: string; readonly stats: Stats } | null> {
  try {
    const file = await realpath(path)
    if (file !== home && !file.startsWith(home.endsWith(sep) ? home : home + sep)) return null
    return { file, stats: await stat(file) }
  } catch {
    return null
  }
}

function fileOf({ file, stats }: { readonly file: string; readonly stats: Stats }) {
  return stats.isFile() ? { file, size: stats.size, mtime: stats.mtime } : null
}

function contentType(file: string): string {
  const type = lookup(file) ?? 'application/octet-stream'
  return /^text\/|\/(javascript|json)$|\+xml$/.test(type) ? `${type}; charset=utf-8` : type
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers })
  response.end(`${text}\n`)
}
