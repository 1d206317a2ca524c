import { isSendableCloseCode } from '@shared/model/close-code'
import type { NewRow } from '../frame-log/frame-log'
import { opcodes } from '../wire/frame-header'
import type { FileBytes } from './file-bytes'
import { readEntries, type HarEntry } from './har-entries'
import { attachmentOf, headsOf, refusalOf, sessionOf } from './har-handshake'
import { MessageTimes, rowOfMessage } from './har-message'
import { assumedFrame, noFrame } from './header-word'
import { importFailed, type Imported, type SkippedParts } from './imported'
import { JsonFault, JsonWalk } from './json-walk'
import { mergedByTime } from './merged-by-time'
import { isRowTime } from './row-time'

/** Files that a HAR names, by their names. */
export type Attachments = ReadonlyMap<string, FileBytes>

/** Longest message that is parsed, in bytes. */
const longestMessage = 400 * 1024 * 1024

/** What all sessions together read at once, and what each of very many does, in bytes. */
const mostWindows = 16 * 1024 * 1024
const leastWindow = 4 * 1024

const lineFeed = 0x0a
const openBracket = 0x5b

/**
 * Reads the WebSocket entries of a HAR file, of Chrome, Playwright, HTTP Toolkit or Framescope. Each
 * becomes a session; their rows come in the order of their times.
 * @throws {AppError} IMPORT_FAILED when it is not a HAR file or has nothing of a WebSocket.
 */
export function* readHar(
  file: FileBytes,
  name: string,
  attachments: Attachments,
  skipped: SkippedParts,
): Generator<Imported, void> {
  const entries = readEntries(file, name, skipped)
  if (entries.length === 0)
    throw importFailed(
      `“${name}” has no WebSocket connection. Chrome records those that are opened while its developer tools are open.`,
    )
  const window = Math.max(leastWindow, Math.floor(mostWindows / entries.length))
  const sessions = entries.map((entry, index) => {
    const own = file.beside(window)
    const reader = new SessionReader(own, entry, index + 1, attachments, skipped)
    return { session: sessionOf(entry, index + 1), rows: reader.rows() }
  })
  const isMissing = entries.every((entry) => isWithoutFile(entry, attachments))
  if (isMissing)
    throw importFailed(
      `The messages of “${name}” are in files of their own, such as ${attachmentOf(entries[0] as HarEntry)}. Import it together with them.`,
    )
  const named = new Set(entries.map((entry) => attachmentOf(entry).replace(/^.*[/\\]/, '')))
  for (const other of attachments.keys())
    if (!named.has(other.replace(/^.*[/\\]/, '')))
      skipped.add(`“${other}”, which no connection of “${name}” names as the file of its messages.`)
  for (const { session } of sessions) yield { session }
  for (const row of mergedByTime(sessions.map(({ rows }) => rows))) yield { row, note: null }
}

function isWithoutFile(entry: HarEntry, attachments: Attachments): boolean {
  const attachment = attachmentOf(entry)
  return attachment !== '' && !entry.messages && !findAttachment(attachments, attachment)
}

/** Entries may name a folder in front, which uploads lose. */
function findAttachment(attachments: Attachments, name: string): FileBytes | undefined {
  return attachments.get(name) ?? attachments.get(name.replace(/^.*[/\\]/, ''))
}

class SessionReader {
  readonly #file: FileBytes
  readonly #entry: HarEntry
  readonly #session: number
  readonly #attachments: Attachments
  readonly #skipped: SkippedParts
  readonly #times: MessageTimes
  #hasClose = false

  constructor(
    file: FileBytes,
    entry: HarEntry,
    session: number,
    attachments: Attachments,
    skipped: SkippedParts,
  ) {
    this.#file = file
    this.#entry = entry
    this.#session = session
    this.#attachments = attachments
    this.#skipped = skipped
    const started = Date.parse(String(entry.startedDateTime))
    this.#times = new MessageTimes(isRowTime(started) ? started : 0)
  }

  *rows(): Generator<NewRow, void> {
    const heads = headsOf(this.#entry)
    if (heads === null) {
      yield this.#event('error', refusalOf(this.#entry))
      if (!this.#entry.messages) return
    } else yield this.#event('open', heads)
    for (const row of this.#messages()) {
      this.#hasClose ||= row.kind === 'close'
      yield row
    }
    yield* this.#close()
  }

  *#messages(): Generator<NewRow, void> {
    if (this.#entry.messages) yield* this.#embedded(this.#entry.messages.start)
    const name = attachmentOf(this.#entry)
    if (name === '') return
    const file = findAttachment(this.#attachments, name)
    if (file) yield* this.#attached(file, name)
    else
      this.#skipped.add(
        `Entry ${this.#entry.number}: its messages are in ${name}, which was not handed over.`,
      )
  }

  *#embedded(start: number): Generator<NewRow, void> {
    if (this.#file.at(start) !== openBracket) {
      this.#skipped.add(`Entry ${this.#entry.number}: its messages (byte ${start}) are no list.`)
      return
    }
    const walk = new JsonWalk(this.#file)
    let number = 0
    try {
      for (const { start: at, done } of walk.elements(start)) {
        number += 1
        const end = walk.skipValue(at)
        done(end)
        yield* this.#message(this.#file, at, end, `message ${number}`)
      }
    } catch (error) {
      // The walk over the entries has told of it.
      if (!(error instanceof JsonFault)) throw error
    }
  }

  *#attached(file: FileBytes, name: string): Generator<NewRow, void> {
    let number = 0
    for (let start = 0; start < file.size;) {
      const end = file.indexOf(lineFeed, start)
      number += 1
      if (end - start > 1) yield* this.#message(file, start, end, `line ${number} of ${name}`)
      start = end + 1
    }
  }

  *#message(file: FileBytes, start: number, end: number, what: string): Generator<NewRow, void> {
    const skip = (words: string) =>
      this.#skipped.add(`Entry ${this.#entry.number}, ${what} (byte ${start}): ${words}.`)
    if (end - start > longestMessage) return skip('it is too long')
    let value: unknown
    try {
      value = JSON.parse(file.read(start, end).toString('utf8'))
    } catch {
      return skip('it is not JSON')
    }
    const message = rowOfMessage(value, this.#session, this.#times)
    if ('problem' in message) return skip(message.problem)
    yield message.row
  }

  /** How it was closed, where HTTP Toolkit and Framescope tell it and no close frame does. */
  *#close(): Generator<NewRow, void> {
    const { close } = this.#entry
    if (close === 'aborted') yield this.#event('error', 'The connection was aborted.')
    if (this.#hasClose || typeof close !== 'object' || close === null) return
    const { code, reason, timestamp } = close as Readonly<Record<string, unknown>>
    const number = typeof code === 'number' ? code : 1005
    const words = typeof reason === 'string' ? reason : ''
    const time = this.#times.read(timestamp)
    if (number !== 1005 && !isSendableCloseCode(number)) {
      yield this.#event('error', `The connection was closed with ${number}. ${words}`.trim())
      return
    }
    const payload = Buffer.alloc(number === 1005 ? 0 : 2)
    if (number !== 1005) payload.writeUInt16BE(number)
    const whole = new Uint8Array(Buffer.concat([payload, Buffer.from(words)]))
    yield {
      ...{ session: this.#session, time, direction: 'in', kind: 'close', payload: whole },
      ...assumedFrame(opcodes.close, whole.byteLength, false),
      ...{ raw: null, fate: null, rtt: null, broken: null },
    }
  }

  #event(kind: 'open' | 'error', text: string): NewRow {
    const payload = new Uint8Array(Buffer.from(text))
    return {
      ...{ session: this.#session, time: this.#times.last, direction: 'none', kind, payload },
      ...noFrame,
      ...{ raw: null, fate: null, rtt: null, broken: null },
    }
  }
}
