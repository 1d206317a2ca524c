import { formatCount } from '@shared/format/bytes'
import { opcodeName } from '@shared/model/frame'
import { formatHex } from '@shared/model/payload-format'

/** One field of a frame's header (RFC 6455 section 5.2): where it stands, and what it says. */
export interface HeaderField {
  readonly id: string
  readonly name: string
  /** As they stand on the wire. */
  readonly bits: string
  /** Of the first bit, counted from the start of the header. */
  readonly start: number
  readonly value: string
  readonly meaning: string
}

/** What decides how some bits are read. */
export interface FramePlace {
  /** Of the frame in its message, from 0. */
  readonly index: number
  /** Frames of the message. */
  readonly of: number
  /** Whether permessage-deflate compressed the message. */
  readonly compressed: boolean
}

/** Reads a header field by field, as far as its bytes go. */
export function headerFields(header: Uint8Array, place: FramePlace): readonly HeaderField[] {
  const all = bitsOf(header)
  const fields: HeaderField[] = []
  let start = 0

  function take(id: string, name: string, width: number, say: (bits: string) => [string, string]) {
    const bits = all.slice(start, start + width)
    if (bits === '') return
    const [value, meaning] =
      bits.length < width ? [bits, 'Cut off: the header ends here.'] : say(bits)
    fields.push({ id, name, bits, start, value, meaning })
    start += bits.length
  }

  take('fin', 'FIN', 1, (bit) => [bit, finMeaning(bit === '1', place)])
  take('rsv1', 'RSV1', 1, (bit) => [bit, rsv1Meaning(bit === '1', place)])
  for (const number of [2, 3])
    take(`rsv${number}`, `RSV${number}`, 1, (bit) => [
      bit,
      bit === '0' ? 'Reserved, 0 as it must be.' : 'Reserved: no extension gives it a meaning.',
    ])
  take('opcode', 'opcode', 4, (bits) => {
    const opcode = Number.parseInt(bits, 2)
    return [`0x${opcode.toString(16)}`, opcodeMeaning(opcode)]
  })
  take('mask', 'MASK', 1, (bit) => [
    bit,
    bit === '1'
      ? 'Masked, as every frame of a client is.'
      : 'Not masked, as no frame of a server is.',
  ])
  let short = 0
  take('length', 'length', 7, (bits) => {
    short = Number.parseInt(bits, 2)
    return [String(short), lengthMeaning(short)]
  })
  if (short >= 126)
    take('extended', 'extended length', short === 126 ? 16 : 64, (bits) => [
      formatLength(BigInt(`0b${bits}`)),
      'Bytes of payload, highest byte first.',
    ])
  if (fields.find(({ id }) => id === 'mask')?.bits === '1')
    take('key', 'masking key', 32, () => {
      const key = header.subarray(start / 8, start / 8 + 4)
      return [formatHex(key), 'Each payload byte is XORed with one of these four, in turn.']
    })
  return fields
}

/** How wide a field of a few bits is drawn, in bits, so that its name fits. */
const widths: Readonly<Record<string, number>> = {
  fin: 2,
  rsv1: 2.4,
  rsv2: 1.3,
  rsv3: 1.3,
  mask: 2.5,
}

/** A field, or the part of it that stands in one line of the picture. */
export interface HeaderPiece {
  readonly field: HeaderField
  readonly bits: string
  /** Whether the field begins here. */
  readonly first: boolean
  /** The name where there is room for it, and how much that is. */
  readonly label: string
  readonly width: number
}

/** Two bytes of the header. */
export interface HeaderLine {
  readonly bytes: readonly { readonly index: number; readonly hex: string }[]
  readonly pieces: readonly HeaderPiece[]
}

const lineBits = 16

/** The picture of a header: two bytes in each line. */
export function headerLines(
  header: Uint8Array,
  fields: readonly HeaderField[],
): readonly HeaderLine[] {
  const last = fields.at(-1)
  const end = last ? last.start + last.bits.length : 0
  return Array.from({ length: Math.ceil(end / lineBits) }, (_, line) => {
    const from = line * lineBits
    const pieces = fields
      .map((field) => {
        const first = Math.max(field.start, from)
        const bits = field.bits.slice(
          first - field.start,
          Math.max(0, from + lineBits - field.start),
        )
        return {
          field,
          bits,
          first: first === field.start,
          label: first === field.start ? field.name.replace(/^RSV(?=[23])/, '') : '',
          width: widths[field.id] ?? bits.length,
        }
      })
      .filter((piece) => piece.bits !== '' && piece.field.start < from + lineBits)
    const bytes = [...header.subarray(from / 8, Math.min(from / 8 + 2, Math.ceil(end / 8)))]
    return {
      pieces,
      bytes: bytes.map((byte, index) => ({
        index: from / 8 + index,
        hex: byte.toString(16).padStart(2, '0'),
      })),
    }
  })
}

/** Whether a field has bits in a byte of the header. */
export function touches(field: HeaderField, byte: number): boolean {
  return field.start < (byte + 1) * 8 && field.start + field.bits.length > byte * 8
}

/** Bytes of the header with which raw bytes begin, as far as they are there. */
export function headerLength(raw: Uint8Array): number {
  const second = raw[1] ?? 0
  const short = second & 0x7f
  const extended = short === 126 ? 2 : short === 127 ? 8 : 0
  return Math.min(raw.byteLength, 2 + extended + (second & 0x80 ? 4 : 0))
}

function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
}

function finMeaning(fin: boolean, { index, of }: FramePlace): string {
  if (!fin) return 'More fragments of the message follow.'
  return of > 1 && index > 0 ? 'The last fragment of the message.' : 'The message ends here.'
}

function rsv1Meaning(set: boolean, { index, compressed }: FramePlace): string {
  if (set)
    return compressed
      ? 'The message is compressed: permessage-deflate (RFC 7692 section 6).'
      : 'Set, though no extension gives it a meaning here.'
  if (compressed && index > 0) return 'Only the first fragment says that it is compressed.'
  return 'Not compressed.'
}

function opcodeMeaning(opcode: number): string {
  const known: Readonly<Record<number, string>> = {
    0: 'goes on with the message that a frame before began.',
    1: 'begins a message of UTF-8 text.',
    2: 'begins a message of bytes.',
    8: 'ends the connection; a control frame.',
    9: 'asks for a pong; a control frame.',
    10: 'answers a ping; a control frame.',
  }
  return `${opcodeName(opcode)}: ${known[opcode] ?? 'for frames that are not defined yet.'}`
}

function lengthMeaning(short: number): string {
  if (short === 126) return 'The length follows in 16 bits.'
  if (short === 127) return 'The length follows in 64 bits.'
  return short === 1 ? 'Byte of payload.' : 'Bytes of payload.'
}

function formatLength(length: bigint): string {
  return length <= BigInt(Number.MAX_SAFE_INTEGER) ? formatCount(Number(length)) : `${length}`
}
