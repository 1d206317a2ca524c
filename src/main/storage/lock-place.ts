import { createHash } from 'node:crypto'
import { lstat, mkdir, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '@shared/errors'
import { unwritable } from '../files/file-failure'

/** Bytes a Unix socket's path may have everywhere: 104 with the final zero on macOS, 108 on Linux. */
const longestPath = 100

/** Longest name of a claim within its folder, `xxxxxxxx.sock` and the slash before it. */
const claimName = 14

/** The one path that a Windows process claims a data folder with; the system lets only one have it. */
export async function pipePath(dataFolder: string): Promise<string> {
  return `\\\\.\\pipe\\framescope-${hashOf(await realpath(dataFolder))}`
}

/**
 * Folders in which the claims on a data folder may live, the best first: inside it, or for a path too
 * long for a socket, and for a file system without sockets, among the temporary files.
 */
export async function claimFolders(dataFolder: string): Promise<readonly string[]> {
  const real = await realpath(dataFolder)
  const inside = join(real, 'lock')
  const outside = join(tmpdir(), `framescope-${process.getuid?.() ?? 0}-${hashOf(real)}`)
  return Buffer.byteLength(inside) + claimName > longestPath ? [outside] : [inside, outside]
}

/** Makes a folder for claims that nobody else can put anything into. */
export async function makeClaimFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw unwritable(folder, error)
  }
  const facts = await lstat(folder)
  if (!facts.isDirectory() || facts.uid !== process.getuid?.())
    throw new AppError(
      'STORAGE_UNWRITABLE',
      `${folder} belongs to another user, so the data folder cannot be locked.`,
      { details: { path: folder } },
    )
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
