import type { NewRow } from '../frame-log/frame-log'
import { opcodes } from '../wire/frame-header'
import { kindOf } from '../wire/wire-message'
import { assumedFrame, noFrame } from './header-word'
import { isRowTime } from './row-time'

/** Times above this are milliseconds, below it seconds: it is the year 5138 or 1973. */
const leastMilliseconds = 1e11

/** Opcode of a message that tells of an error, as Chrome writes it. */
const errorOpcode = -1

/**
 * Times of the messages of one session, which writers give in seconds, in milliseconds, or not at
 * all: then it is that of the message before.
 */
export class MessageTimes {
  #last: number

  /** @param start in milliseconds since the epoch. */
  constructor(start: number) {
    this.#last = start
  }

  /** In milliseconds since the epoch, of the last message read. */
  get last(): number {
    return this.#last
  }

  read(time: unknown): number {
    if (typeof time !== 'number' || !(time > 0)) return this.#last
    const milliseconds = time > leastMilliseconds ? time : Math.round(time * 1e6) / 1000
    if (isRowTime(milliseconds)) this.#last = milliseconds
    return this.#last
  }
}

/** Whether a value is meant as an element of `_webSocketMessages`. */
export function isHarMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'opcode' in value && 'data' in value
}

/** Turns an element of `_webSocketMessages` into a row. */
export function rowOfMessage(
  value: unknown,
  session: number,
  times: MessageTimes,
): { readonly row: NewRow } | { readonly problem: string } {
  if (typeof value !== 'object' || value === null) return { problem: 'it is not an object' }
  const { type, time, opcode, data, _encoding } = value as Readonly<Record<string, unknown>>
  if (typeof data !== 'string') return { problem: '“data” is not a text' }
  const isError = type === 'error' || opcode === errorOpcode
  if (!isError && type !== 'send' && type !== 'receive')
    return { problem: '“type” is none of send, receive and error' }
  const number = opcode === undefined ? opcodes.text : opcode
  const isOpcode =
    typeof number === 'number' && Number.isInteger(number) && number >= 0 && number < 16
  if (!isError && !isOpcode) return { problem: '“opcode” is not a number from 0 to 15, or -1' }
  const common = { session, time: times.read(time), raw: null, rtt: null, broken: null }
  if (isError || !isOpcode) {
    const payload = utf8(data)
    return { row: { ...common, ...noFrame, direction: 'none', kind: 'error', payload, fate: null } }
  }
  const payload = number === opcodes.text && _encoding !== 'base64' ? utf8(data) : bytesOf(data)
  const isOut = type === 'send'
  return {
    row: {
      ...common,
      ...assumedFrame(number, payload.byteLength, isOut),
      direction: isOut ? 'out' : 'in',
      kind: kindOf(number),
      payload,
      fate: isOut ? 'written' : null,
    },
  }
}

/** Base64; what is not was left as text by whoever wrote it. */
function bytesOf(data: string): Uint8Array {
  if (!/^[\w+/-]*={0,2}\s*$/.test(data) || data.length % 4 === 1) return utf8(data)
  return new Uint8Array(Buffer.from(data, 'base64'))
}

function utf8(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'utf8'))
}
