import { mkdir } from 'node:fs/promises'
import { systemCode } from './file-failure'

/**
 * Makes a folder and those above it.
 * @returns the first one that was made; `undefined` when it was there.
 */
export async function makeFolder(path: string): Promise<string | undefined> {
  const mode = 0o700
  try {
    return await mkdir(path, { recursive: true, mode })
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    // On a read-only file system Node speaks of a missing folder; the system itself says what it is.
    await mkdir(path, { mode })
    return path
  }
}
