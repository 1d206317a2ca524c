import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AppError } from '@shared/errors'
import type { FileSink } from '../host'

/**
 * Writes beside the target and moves there at the end, so that the target is either the old file or
 * the whole new one.
 * @throws {AppError} `EXPORT_FAILED` when the file cannot be written, also from its methods.
 */
export async function openFileSink(target: string): Promise<FileSink> {
  const name = basename(target)
  const partial = join(dirname(target), `.${name}.${randomBytes(4).toString('hex')}.part`)
  const file = await open(partial, 'wx').catch((error: unknown) => {
    throw failed(name, error)
  })

  async function abort(): Promise<void> {
    await file.close().catch(() => {})
    await rm(partial, { force: true })
  }

  async function guarded(step: () => Promise<unknown>): Promise<void> {
    try {
      await step()
    } catch (error) {
      await abort()
      throw failed(name, error)
    }
  }

  return {
    name,
    // One write may take only part of the bytes; writeFile on an open file goes on until the end.
    write: (bytes) => guarded(() => file.writeFile(bytes)),
    finish: () =>
      guarded(async () => {
        await file.sync()
        await file.close()
        await rename(partial, target)
      }),
    abort,
  }
}

function failed(name: string, cause: unknown): AppError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new AppError('EXPORT_FAILED', `${name} could not be written: ${reason}`, { cause })
}
