import { join, resolve } from 'node:path'

/** The repository. */
export const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..')

/** What the scripts remember between runs; gone with node_modules. */
export const cache = join(root, 'node_modules/.cache/framescope')

/** A file of an installed package. */
export function installed(path) {
  return join(root, 'node_modules', path)
}
