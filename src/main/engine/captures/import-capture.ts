import type { ImportResult } from '@shared/model/capture'
import type { ExchangeFiles } from '../export/exchange-files'
import { importFile } from '../import/import-file'
import type { FrameLog } from '../frame-log/frame-log'
import type { Captures } from './captures'
import { roomIn } from './room'

/**
 * Turns a file that was handed over, with those it names, into a saved capture.
 * @throws {AppError} NOT_FOUND, IMPORT_FAILED, STORAGE_UNWRITABLE; nothing is kept then.
 */
export async function importCapture(
  captures: Captures,
  files: ExchangeFiles,
  clientId: string,
  fileId: string,
  attachmentIds: readonly string[],
): Promise<ImportResult> {
  const [file, ...attachments] = await Promise.all(
    [fileId, ...attachmentIds].map((id) => files.source(clientId, id)),
  )
  if (!file) throw new Error('There is always a file')
  const imported = importFile(file, { attachments })
  const capture = await captures.adopt(titleOf(file.name), file.name, (log) => fill(log, imported))
  const { skipped, skippedCount } = imported
  return { capture, skipped: [...skipped], skippedCount }
}

async function fill(log: FrameLog, imported: ReturnType<typeof importFile>): Promise<void> {
  const numbers = new Map<number, number>()
  for await (const item of imported) {
    if ('session' in item) {
      numbers.set(item.session.number, log.openSession(item.session))
      continue
    }
    if (log.state.storage !== 'disk') await roomIn(log)
    const session = numbers.get(item.row.session) ?? item.row.session
    const id = log.append({ ...item.row, session })
    if (item.note !== null) log.setBookmark(id, item.note)
  }
}

/** The file's name without what says its format. */
function titleOf(name: string): string {
  return name.replace(/\.(har|jsonl|ndjson|json)$/i, '').slice(0, 200) || name.slice(0, 200)
}
