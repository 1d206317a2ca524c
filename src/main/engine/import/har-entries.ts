import type { FileBytes } from './file-bytes'
import { JsonFault, JsonWalk, type Place } from './json-walk'
import { importFailed, type SkippedParts } from './imported'

/** What of a WebSocket entry is parsed; its messages stay in the file. */
export interface HarEntry {
  /** From 1, of all entries of the file. */
  readonly number: number
  readonly request: Readonly<Record<string, unknown>>
  readonly response: Readonly<Record<string, unknown>>
  readonly startedDateTime: unknown
  readonly serverIPAddress: unknown
  readonly close: unknown
  /** Where `_webSocketMessages` lies; `null` when there is none. */
  readonly messages: Place | null
}

/** Members of an entry that are parsed, if it is one of a WebSocket. */
const wantedMembers: ReadonlySet<string> = new Set([
  ...['request', 'response', 'startedDateTime', 'serverIPAddress', '_webSocketClose'],
  '_resourceType',
])

const firstOfNull = 0x6e

/** Longest member that is parsed, in bytes. */
const longestMember = 16 * 1024 * 1024

/**
 * The WebSocket entries of a HAR file, in its order; what cannot be read is skipped.
 * @throws {AppError} IMPORT_FAILED when the file is not a HAR file.
 */
export function readEntries(file: FileBytes, name: string, skipped: SkippedParts): HarEntry[] {
  const reader = new EntryReader(file, skipped)
  try {
    reader.root()
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const where = `${error.message}, at byte ${error.place}`
    if (!reader.hasEntries)
      throw importFailed(
        `“${name}” is not a HAR file, which has {"log": {"entries": […]}}: ${where}.`,
      )
    skipped.add(`The rest of the file. ${where}.`)
  }
  if (!reader.hasEntries)
    throw importFailed(`“${name}” is not a HAR file: it has no list "entries" in an object "log".`)
  return reader.entries
}

class EntryReader {
  readonly entries: HarEntry[] = []
  hasEntries = false
  readonly #file: FileBytes
  readonly #walk: JsonWalk
  readonly #skipped: SkippedParts
  #number = 0

  constructor(file: FileBytes, skipped: SkippedParts) {
    this.#file = file
    this.#walk = new JsonWalk(file)
    this.#skipped = skipped
  }

  root(): void {
    const start = this.#file.read(0, 3).toString('latin1') === '\xef\xbb\xbf' ? 3 : 0
    for (const { name, start: at } of this.#walk.members(this.#walk.skipSpace(start)))
      if (name === 'log') this.#log(at)
  }

  #log(start: number): void {
    for (const { name, start: at, done } of this.#walk.members(start))
      if (name === 'entries') done(this.#entries(at))
  }

  #entries(start: number): number {
    const elements = this.#walk.elements(start)
    for (;;) {
      const next = elements.next()
      this.hasEntries = true
      if (next.done) return next.value
      this.#number += 1
      next.value.done(this.#entry(next.value.start))
    }
  }

  #entry(start: number): number {
    const places = new Map<string, Place>()
    let messages: Place | null = null
    const members = this.#walk.members(start)
    try {
      for (;;) {
        const next = members.next()
        if (next.done) {
          this.#add(places, messages)
          return next.value
        }
        const { name, start: at, done } = next.value
        const areMessages = name === '_webSocketMessages' && this.#file.at(at) !== firstOfNull
        // Cut off in here, its messages so far still count.
        if (areMessages) messages = { start: at, end: this.#file.size }
        const end = this.#walk.skipValue(at)
        done(end)
        if (areMessages) messages = { start: at, end }
        if (wantedMembers.has(name)) places.set(name, { start: at, end })
      }
    } catch (error) {
      if (error instanceof JsonFault && messages) this.#add(places, messages)
      throw error
    }
  }

  #add(places: ReadonlyMap<string, Place>, messages: Place | null): void {
    const request = this.#object(places.get('request'))
    const url = typeof request['url'] === 'string' ? request['url'] : ''
    const resourceType = this.#parse(places.get('_resourceType'))
    if (!messages && resourceType !== 'websocket' && !/^wss?:/i.test(url)) return
    this.entries.push({
      number: this.#number,
      request,
      response: this.#object(places.get('response')),
      startedDateTime: this.#parse(places.get('startedDateTime')),
      serverIPAddress: this.#parse(places.get('serverIPAddress')),
      close: this.#parse(places.get('_webSocketClose')),
      messages,
    })
  }

  #object(place: Place | undefined): Readonly<Record<string, unknown>> {
    const value = this.#parse(place)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  }

  #parse(place: Place | undefined): unknown {
    if (!place) return undefined
    if (place.end - place.start > longestMember) {
      this.#skipped.add(`Entry ${this.#number}: the value at byte ${place.start} is too long.`)
      return undefined
    }
    try {
      return JSON.parse(this.#file.read(place.start, place.end).toString('utf8'))
    } catch {
      this.#skipped.add(`Entry ${this.#number}: the value at byte ${place.start} is not JSON.`)
      return undefined
    }
  }
}
