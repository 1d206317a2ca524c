import * as v from 'valibot'
import type { SessionInfo } from '@shared/model/frame'
import { jsonLinesVersion } from '../export/json-lines'
import type { FileBytes } from './file-bytes'
import { MessageTimes, isHarMessage, rowOfMessage } from './har-message'
import { importFailed, type Imported, type SkippedParts } from './imported'
import { HeaderLine, rowOfLine, SessionLine } from './json-lines-row'

/** Longest line that is parsed, in bytes: JavaScript has no longer strings. */
const longestLine = 400 * 1024 * 1024

const lineFeed = 0x0a
const byteOrderMark = '\ufeff'

/**
 * Reads JSON Lines line by line: those exported here, with a version or from before there were
 * versions, and messages alone as Playwright attaches them to a HAR.
 * @throws {AppError} IMPORT_FAILED when a newer version wrote it, or no line can be read.
 */
export function* readJsonLines(
  file: FileBytes,
  name: string,
  skipped: SkippedParts,
): Generator<Imported, void> {
  const reader = new LineReader(name, skipped)
  let number = 0
  for (let start = 0; start < file.size;) {
    const end = file.indexOf(lineFeed, start)
    number += 1
    if (end - start > longestLine)
      skipped.add(`Line ${number}: it is longer than ${longestLine / 1024 / 1024} MiB.`)
    else yield* reader.line(file.read(start, end).toString('utf8'), number, start)
    start = end + 1
  }
  reader.end(number)
}

class LineReader {
  readonly #name: string
  readonly #skipped: SkippedParts
  readonly #sessions = new Set<number>()
  readonly #times = new MessageTimes(Date.now())
  #isRead = false

  constructor(name: string, skipped: SkippedParts) {
    this.#name = name
    this.#skipped = skipped
  }

  *line(text: string, number: number, start: number): Generator<Imported, void> {
    const content = (text.startsWith(byteOrderMark) ? text.slice(1) : text).trim()
    if (content === '') return
    let value: unknown
    try {
      value = JSON.parse(content)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#skipped.add(`Line ${number} (byte ${start}) is cut off or not JSON: ${reason}`)
      return
    }
    const type =
      typeof value === 'object' && value !== null ? (value as { type?: unknown }).type : null
    if (type === 'header') this.#header(value, number)
    else if (type === 'session') yield* this.#session(value, number)
    else if (isHarMessage(value)) yield* this.#message(value, number)
    else yield* this.#row(value, number)
  }

  end(lines: number): void {
    if (this.#isRead) return
    const first = this.#skipped.words[0]
    throw importFailed(
      lines === 0 || !first
        ? `“${this.#name}” is empty. A HAR file or JSON Lines are expected.`
        : `None of the ${lines} lines of “${this.#name}” is a row. Each line must be one JSON object as an export writes it. ${first}`,
    )
  }

  #header(value: unknown, number: number): void {
    const header = v.safeParse(HeaderLine, value)
    if (!header.success) {
      this.#skipped.add(`Line ${number}: the header is not one of Framescope.`)
      return
    }
    if (header.output.version > jsonLinesVersion)
      throw importFailed(
        `“${this.#name}” was written by a newer Framescope (format version ${header.output.version}, this one reads up to ${jsonLinesVersion}). Update to import it.`,
      )
    this.#isRead = true
  }

  *#session(value: unknown, number: number): Generator<Imported, void> {
    const parsed = v.safeParse(SessionLine, value)
    if (!parsed.success || parsed.output.number < 1) {
      this.#skipped.add(`Line ${number}: the session cannot be read.`)
      return
    }
    const { type: _, ...session } = parsed.output
    yield* this.#tell(session)
  }

  *#row(value: unknown, number: number): Generator<Imported, void> {
    const line = rowOfLine(value)
    if ('problem' in line) {
      this.#skipped.add(`Line ${number} is no row: ${line.problem}.`)
      return
    }
    this.#isRead = true
    yield* this.#tell(unknownSession(line.row.session))
    yield line
  }

  *#message(value: unknown, number: number): Generator<Imported, void> {
    const row = rowOfMessage(value, 1, this.#times)
    if ('problem' in row) {
      this.#skipped.add(`Line ${number} is no message: ${row.problem}.`)
      return
    }
    this.#isRead = true
    yield* this.#tell(unknownSession(1))
    yield { row: row.row, note: null }
  }

  *#tell(session: SessionInfo): Generator<Imported, void> {
    if (this.#sessions.has(session.number)) return
    this.#sessions.add(session.number)
    yield { session }
  }
}

function unknownSession(number: number): SessionInfo {
  return { number, role: 'client', url: '', peer: '', local: '' }
}
