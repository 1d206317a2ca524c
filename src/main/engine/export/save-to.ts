import { Readable } from 'node:stream'
import type { SavedFile } from '@shared/contract'
import { AppError, type ErrorCode } from '@shared/errors'
import type { FileSink, Host } from '../../host'
import type { ExchangeFiles } from './exchange-files'

export interface SaveOptions {
  readonly host: Pick<Host, 'saveFile'>
  readonly files: ExchangeFiles
  readonly clientId: string
  readonly suggestedName: string
  /** Not asked for anything when the user cancels. */
  readonly chunks: AsyncIterable<Uint8Array>
  /** Aborted: whatever the chunks throw then means that the user cancelled. */
  readonly signal?: AbortSignal
}

/**
 * Writes chunks where the user wants them: through the host's dialog, or, where there is none, into
 * an exchange file that the interface downloads. What fails halfway leaves nothing behind.
 * @throws {AppError} EXPORT_FAILED, or what the chunks themselves threw (such as EVICTED).
 */
export async function saveTo(options: SaveOptions): Promise<SavedFile> {
  try {
    return options.host.saveFile
      ? await saveThrough(options.host.saveFile, options)
      : await spool(options)
  } catch (cause) {
    if (options.signal?.aborted) return { outcome: 'cancelled' }
    if (cause instanceof AppError && !writeErrors.has(cause.code)) throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('EXPORT_FAILED', `The file could not be written: ${reason}`, { cause })
  }
}

/** What the exchange file says in its own words; to the user it is a failed export. */
const writeErrors: ReadonlySet<ErrorCode> = new Set(['STORAGE_UNWRITABLE', 'PAYLOAD_INVALID'])

async function saveThrough(
  saveFile: NonNullable<Host['saveFile']>,
  { suggestedName, chunks, signal }: SaveOptions,
): Promise<SavedFile> {
  const sink = await saveFile(suggestedName)
  if (!sink) return { outcome: 'cancelled' }
  try {
    for await (const chunk of chunks) await sink.write(chunk)
    signal?.throwIfAborted()
    await sink.finish()
  } catch (error) {
    await abort(sink)
    throw error
  }
  return { outcome: 'saved', name: sink.name }
}

/** What went wrong first is what is told, even when cleaning up goes wrong too. */
async function abort(sink: FileSink): Promise<void> {
  await sink.abort().catch(() => undefined)
}

async function spool({
  files,
  clientId,
  suggestedName,
  chunks,
  signal,
}: SaveOptions): Promise<SavedFile> {
  const fileId = await files.create(clientId, suggestedName, null)
  try {
    let offset = 0
    for await (const chunk of chunks) {
      await files.append(clientId, fileId, offset, chunk)
      offset += chunk.byteLength
    }
    signal?.throwIfAborted()
    return {
      outcome: 'download',
      fileId,
      name: suggestedName,
      size: files.finish(clientId, fileId),
    }
  } catch (error) {
    await files.release(clientId, fileId)
    throw error
  }
}

/** A short text as the only chunk of a file. */
export function inOne(text: string): AsyncIterable<Uint8Array> {
  return Readable.from([Buffer.from(text)])
}
