import { AppError } from '@shared/errors'
import type { ImportReply, ImportTask } from './import-messages'
import { SkippedParts, type Imported } from './imported'
import { readFile } from './read-file'

/** What a batch holds at most, so that taking it over is short; a longer payload comes alone. */
const batchRows = 256
const batchBytes = 1024 * 1024

/** Reads a file batch by batch, in a thread of its own. */
export class ImportBatches {
  readonly #skipped = new SkippedParts()
  readonly #items: Iterator<Imported, void>
  #isOver = false

  constructor({ file, attachments }: ImportTask) {
    this.#items = readFile(file, attachments, this.#skipped)
  }

  /** The next batch, and the buffer its payloads lie in, which may be transferred. */
  next(): { readonly reply: ImportReply; readonly buffer: ArrayBuffer } {
    const items: Imported[] = []
    let bytes = 0
    try {
      while (!this.#isOver && items.length < batchRows && bytes < batchBytes) {
        const next = this.#items.next()
        if (next.done) {
          this.#isOver = true
          break
        }
        items.push(next.value)
        if ('row' in next.value) bytes += next.value.row.payload.byteLength
      }
    } catch (error) {
      return { reply: { error: envelopeOf(error) }, buffer: new ArrayBuffer(0) }
    }
    const { words, count } = this.#skipped
    const buffer = new ArrayBuffer(bytes)
    return {
      reply: {
        items: packed(items, buffer),
        isLast: this.#isOver,
        skipped: words,
        skippedCount: count,
      },
      buffer,
    }
  }
}

/** The same with all payloads in one buffer, so that they cross to another thread as one. */
function packed(items: readonly Imported[], buffer: ArrayBuffer): Imported[] {
  let at = 0
  return items.map((item) => {
    if (!('row' in item)) return item
    const payload = new Uint8Array(buffer, at, item.row.payload.byteLength)
    payload.set(item.row.payload)
    at += payload.byteLength
    return { row: { ...item.row, payload }, note: item.note }
  })
}

function envelopeOf(error: unknown) {
  if (error instanceof AppError) return error.toEnvelope()
  const reason = error instanceof Error ? error.message : String(error)
  return new AppError('IMPORT_FAILED', `The file could not be read: ${reason}`).toEnvelope()
}
