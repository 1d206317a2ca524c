import * as v from 'valibot'
import { SessionInfo } from '@shared/model/frame'
import { aligned, recordPlaces, recordTypes, sessionPlaces } from './record-format'

/** The sessions of a log. */
export class LogSessions {
  readonly #infos = new Map<number, SessionInfo>()
  #last = 0

  /** @returns its number, from 1. */
  open(session: Omit<SessionInfo, 'number'>): number {
    this.#last += 1
    this.set({ ...session, number: this.#last })
    return this.#last
  }

  set(session: SessionInfo): void {
    this.#last = Math.max(this.#last, session.number)
    this.#infos.set(session.number, session)
  }

  has(number: number): boolean {
    return this.#infos.has(number)
  }

  /** What is known of it, which of one that was never opened is nothing. */
  get(number: number): SessionInfo {
    return this.#infos.get(number) ?? { number, role: 'client', url: '', peer: '', local: '' }
  }
}

/** The record of a session, without its checksum. */
export function encodeSession(session: SessionInfo): Uint8Array {
  const json = Buffer.from(JSON.stringify(session))
  const bytes = Buffer.alloc(aligned(sessionPlaces.json + json.byteLength))
  bytes.writeUInt32LE(bytes.byteLength, recordPlaces.length)
  bytes.writeUInt8(recordTypes.session, recordPlaces.type)
  bytes.writeUInt32LE(session.number, sessionPlaces.number)
  bytes.writeUInt32LE(json.byteLength, sessionPlaces.size)
  bytes.set(json, sessionPlaces.json)
  return bytes
}

/** @returns `null` when it does not describe a session. */
export function decodeSession(record: Uint8Array): SessionInfo | null {
  const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength)
  if (bytes.length < sessionPlaces.json) return null
  const end = sessionPlaces.json + bytes.readUInt32LE(sessionPlaces.size)
  if (end > bytes.length) return null
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8', sessionPlaces.json, end))
    const parsed = v.safeParse(SessionInfo, json)
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
