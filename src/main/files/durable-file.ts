import { copyFile, link, open, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode, unwritable } from './file-failure'

/** Where the version before the last write is kept. */
export function previousOf(path: string): string {
  return `${path}.bak`
}

/**
 * Replaces a file so that whoever reads it, at any moment and after any crash, finds the old text or
 * the new one whole. The old one stays beside it as `.bak`.
 * @throws {AppError} STORAGE_UNWRITABLE; the file is then as it was.
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = temporaryOf(path)
  try {
    await writeAndSync(temporary, text)
    await keepPrevious(path)
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw unwritable(path, error)
  }
  await syncFolder(dirname(path))
}

/**
 * Replaces a file so that it is whole after a crash of this process, but not of the machine: nothing
 * waits for the disk, and no version before it is kept.
 * @throws {AppError} STORAGE_UNWRITABLE; the file is then as it was.
 */
export async function writeAtOnce(path: string, text: string): Promise<void> {
  const temporary = temporaryOf(path)
  try {
    await writeFile(temporary, text, { mode: 0o600 })
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw unwritable(path, error)
  }
}

/** Removes what a write that was killed half-way left beside the file. */
export async function removeLeftovers(path: string): Promise<void> {
  for (const leftover of [temporaryOf(path), temporaryOf(previousOf(path))])
    await rm(leftover, { force: true }).catch(() => undefined)
}

function temporaryOf(path: string): string {
  return `${path}.tmp`
}

async function writeAndSync(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** By a second name for the same file, so that the document itself is never away, not even for a moment. */
async function keepPrevious(path: string): Promise<void> {
  const temporary = temporaryOf(previousOf(path))
  await rm(temporary, { force: true })
  try {
    await link(path, temporary)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return
    // Some file systems know no second names.
    await copyFile(path, temporary)
  }
  await renameOver(temporary, previousOf(path))
}

/** Virus scanners and indexers on Windows hold files open for a moment, which fails a rename. */
async function renameOver(from: string, to: string): Promise<void> {
  for (const wait of [10, 50, 200]) {
    try {
      return await rename(from, to)
    } catch (error) {
      if (process.platform !== 'win32' || !['EPERM', 'EACCES', 'EBUSY'].includes(systemCode(error)))
        throw error
      await delay(wait)
    }
  }
  await rename(from, to)
}

/** Makes the rename itself last. Not every system lets a folder be opened; then there is no more to do. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
  } catch {
    return
  }
}
