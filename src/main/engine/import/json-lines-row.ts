import * as v from 'valibot'
import {
  BrokenRule,
  Direction,
  Fate,
  listedFrames,
  RowKind,
  SessionInfo,
  type Frame,
} from '@shared/model/frame'
import type { NewRow } from '../frame-log/frame-log'
import { headerBits } from '../wire/frame-header'
import { headerLengthFor, headerWord, noFrame, type FrameFacts } from './header-word'
import { isRowTime } from './row-time'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const finite = v.pipe(v.number(), v.finite())
const time = v.pipe(
  v.number(),
  v.check(isRowTime, 'it is not in milliseconds since 1970, up to the year 2255'),
)
const hex = v.pipe(v.string(), v.regex(/^(?:[\da-f]{2}){1,14}$/i, 'hex pairs'))
const base64 = v.pipe(v.string(), v.regex(/^[\w+/-]*={0,2}$/, 'base64'))

/** The line of a row, of this version or of the one before there were versions. */
const RowLine = v.object({
  type: RowKind,
  direction: Direction,
  session: v.optional(v.pipe(count, v.minValue(1), v.maxValue(0xffff_ffff)), 1),
  timestamp: v.optional(time),
  time: v.optional(v.string()),
  wireSize: v.optional(count),
  fragments: v.optional(v.pipe(count, v.maxValue(0xffff_ffff))),
  compressed: v.optional(v.boolean(), false),
  fate: v.optional(v.nullable(Fate), null),
  rtt: v.optional(v.nullable(finite), null),
  broken: v.optional(v.nullable(BrokenRule), null),
  header: v.optional(hex),
  frames: v.optional(
    v.pipe(v.array(v.object({ header: hex, length: count, time })), v.maxLength(listedFrames)),
  ),
  raw: v.optional(v.nullable(base64), null),
  note: v.optional(v.nullable(v.string()), null),
  text: v.optional(v.string()),
  base64: v.optional(v.string()),
})
type RowLine = v.InferOutput<typeof RowLine>

/** The line of a session. */
export const SessionLine = v.object({ ...SessionInfo.entries, type: v.literal('session') })

/** The first line. */
export const HeaderLine = v.object({
  type: v.literal('header'),
  format: v.literal('framescope'),
  version: v.number(),
})

/** A row with its note, or what is wrong with its line. */
export type LineRow =
  { readonly row: NewRow; readonly note: string | null } | { readonly problem: string }

/** Turns the value of a line into a row. */
export function rowOfLine(value: unknown): LineRow {
  const parsed = v.safeParse(RowLine, value)
  if (!parsed.success) return { problem: problemOf(parsed.issues[0]) }
  const line = parsed.output
  const at = line.timestamp ?? Date.parse(line.time ?? '')
  if (!isRowTime(at)) return { problem: 'it has neither a timestamp nor a time from 1970 to 2255' }
  if ((line.text === undefined) === (line.base64 === undefined))
    return { problem: 'exactly one of text and base64 must hold the payload' }
  const payload =
    line.text === undefined
      ? new Uint8Array(Buffer.from(line.base64 ?? '', 'base64'))
      : new Uint8Array(Buffer.from(line.text, 'utf8'))
  return {
    note: line.note,
    row: {
      session: line.session,
      time: at,
      direction: line.direction,
      kind: line.type,
      payload,
      raw: line.raw === null ? null : new Uint8Array(Buffer.from(line.raw, 'base64')),
      fate: line.fate,
      rtt: line.rtt,
      broken: line.broken,
      ...frameFacts(line, payload.byteLength),
    },
  }
}

const opcodes = { text: 1, binary: 2, close: 8, ping: 9, pong: 10, open: 0, error: 0, note: 0 }

function frameFacts(line: RowLine, size: number): FrameFacts {
  const { frames, wireSize = 0, direction } = line
  if (direction === 'none') return noFrame
  const isMessage = line.fragments === undefined || line.fragments > 0
  const fragments = line.fragments ?? frames?.length ?? 1
  const header = frames?.[0]?.header ?? line.header
  const list = frames ? frames.map(frameOf) : null
  if (header !== undefined && header.length >= 4) {
    const bytes = Buffer.from(header, 'hex')
    const word = bytes.readUInt16BE(0)
    const hasKey = (word & headerBits.mask) !== 0 && bytes.length >= 6
    const maskingKey = hasKey ? bytes.readUInt32BE(bytes.length - 4) : 0
    return { wireSize, fragments, header: word, maskingKey, frames: list }
  }
  // What was never sent has no frame.
  if (!isMessage || (line.header === undefined && wireSize === 0 && line.fate === 'failed'))
    return noFrame
  // Lines without headers: they follow from the kind and the size, clients mask (section 5.3).
  const masked = direction === 'out'
  const length = wireSize === 0 ? size : payloadLength(wireSize, masked)
  return {
    wireSize: wireSize === 0 ? headerLengthFor(size, masked) + size : wireSize,
    fragments,
    header: headerWord(opcodes[line.type], length, masked, line.compressed),
    maskingKey: 0,
    frames: list,
  }
}

/** Payload bytes of the only frame of so many bytes. */
function payloadLength(wireSize: number, masked: boolean): number {
  const shortest = [0, 126, 0x1_0000].map((length) => headerLengthFor(length, masked))
  const [short = 2, medium = 4, long = 10] = shortest
  if (wireSize - short < 126) return Math.max(0, wireSize - short)
  return wireSize - medium < 0x1_0000 ? wireSize - medium : wireSize - long
}

function frameOf({ header, length, time: at }: NonNullable<RowLine['frames']>[number]): Frame {
  return { header: new Uint8Array(Buffer.from(header, 'hex')), payloadLength: length, time: at }
}

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue)
  return `${path === null ? 'it' : `“${path}”`}: ${issue.message}`
}
