import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'

/** A preload that can be run, or why Electron would not run it. */
export type PreloadScript =
  | { readonly path: string; readonly source: string }
  | { readonly path: string; readonly error: Error }

/** Parameters of the function a sandboxed preload is wrapped in. */
export const preloadParameters = [
  'exports',
  'require',
  'module',
  'process',
  'Buffer',
  'global',
  'setImmediate',
  'clearImmediate',
]

/** Reads a preload as the loader of a sandboxed window does: one CommonJS file. */
export function readPreload(path: string): PreloadScript {
  try {
    if (path.endsWith('.mjs'))
      throw new SyntaxError('An ESM preload cannot be loaded in a sandboxed window')
    const source = readFileSync(path, 'utf8')
    // Throws what the renderer would: an import statement is no statement of a function.
    new Script(`(function (${preloadParameters.join(', ')}) {${source}\n})`, { filename: path })
    return { path, source }
  } catch (error) {
    return { path, error: error as Error }
  }
}
