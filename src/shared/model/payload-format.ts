import { checkJson } from './json-text'
import { lineAndColumn, type TextPosition } from './text-position'
import type { DataOpcode, Draft } from './connection'

export { lineAndColumn, type TextPosition }

/** A text that cannot be read, and where. */
export interface FormatError extends TextPosition {
  readonly ok: false
  /** In words, ready to be shown. */
  readonly message: string
}

export type ParsedBytes =
  { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer> } | FormatError

/** A draft as the frame it becomes, or why it cannot become one. */
export type EncodedDraft =
  | { readonly ok: true; readonly opcode: DataOpcode; readonly bytes: Uint8Array<ArrayBuffer> }
  | FormatError

/**
 * Reads pairs of hex digits. Between pairs may stand spaces, line breaks and commas, and before a run
 * of pairs `0x`.
 */
export function parseHex(text: string): ParsedBytes {
  const bytes = new Uint8Array(text.length >> 1)
  let length = 0
  let offset = 0
  while (offset < text.length) {
    const code = text.charCodeAt(offset)
    if (isSpace(code) || code === comma) {
      offset += 1
      continue
    }
    if (isHexPrefix(text, offset)) {
      offset += 2
      if (hexDigit(text.charCodeAt(offset)) < 0)
        return failure(text, offset - 2, 'Hex digits are missing after 0x.')
    }
    // One run of digits, up to the next separator.
    while (offset < text.length && !isSeparator(text.charCodeAt(offset))) {
      const high = hexDigit(text.charCodeAt(offset))
      if (high < 0) return failure(text, offset, `${quoted(text, offset)} is not a hex digit.`)
      const next = offset + 1
      if (next === text.length || isSeparator(text.charCodeAt(next)))
        return failure(text, offset, 'A byte needs two hex digits; this one has one.')
      const low = hexDigit(text.charCodeAt(next))
      if (low < 0) return failure(text, next, `${quoted(text, next)} is not a hex digit.`)
      bytes[length++] = (high << 4) | low
      offset += 2
    }
  }
  return { ok: true, bytes: bytes.slice(0, length) }
}

/**
 * Reads base64 (RFC 4648 sections 4 and 5: either alphabet). White space is ignored and padding may be
 * left out, but padding that is there must be complete, and no bit may be lost.
 */
export function parseBase64(text: string): ParsedBytes {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4))
  let length = 0
  let digits = 0
  let bits = 0
  let lastDigit = 0
  let padding = 0
  let firstPadding = 0
  for (let offset = 0; offset < text.length; offset += 1) {
    const code = text.charCodeAt(offset)
    if (isSpace(code)) continue
    if (code === equalsSign) {
      if (padding === 0) firstPadding = offset
      padding += 1
      continue
    }
    const digit = base64Digits[code] ?? -1
    if (digit < 0)
      return failure(text, offset, `${quoted(text, offset)} is not a base64 character.`)
    if (padding > 0) return failure(text, firstPadding, 'The padding = may stand only at the end.')
    bits = ((bits & 0xffff) << 6) | digit
    digits += 1
    lastDigit = offset
    const rest = digits % 4
    if (rest !== 1) bytes[length++] = (bits >> (rest === 0 ? 0 : 8 - 2 * rest)) & 0xff
  }
  const rest = digits % 4
  if (rest === 1)
    return failure(text, lastDigit, 'The end is cut off: one character alone makes no byte.')
  const needed = (4 - rest) % 4
  if (padding > 0 && padding !== needed)
    return failure(text, firstPadding, paddingMessage(needed, padding))
  const lostBits = rest === 2 ? bits & 0b1111 : rest === 3 ? bits & 0b11 : 0
  if (lostBits !== 0)
    return failure(
      text,
      lastDigit,
      `${quoted(text, lastDigit)} carries bits that belong to no byte; the end may be cut off.`,
    )
  return { ok: true, bytes: bytes.slice(0, length) }
}

/** Lower-case pairs of hex digits with a space between them. */
export function formatHex(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let start = 0; start < bytes.length; start += pieceBytes)
    pieces.push(hexPairs(bytes.subarray(start, start + pieceBytes)))
  return pieces.join(' ')
}

/** Base64 with the standard alphabet and padding, on one line (RFC 4648 section 4). */
export function formatBase64(bytes: Uint8Array): string {
  const pieces: string[] = []
  for (let start = 0; start < bytes.length; start += pieceBytes)
    pieces.push(base64Piece(bytes.subarray(start, start + pieceBytes)))
  return pieces.join('')
}

/** One line of a hex dump. */
export interface HexDumpRow {
  /** Position of the first byte. */
  readonly offset: number
  /** Up to two groups of up to eight pairs of hex digits, as in `de ad be ef`. */
  readonly groups: readonly string[]
  /** One character per byte: printable ASCII as itself, the rest as a dot. */
  readonly ascii: string
}

/** Bytes in one line of a hex dump. */
export const hexDumpBytes = 16

/** The lines of a hex dump of a piece of a payload that begins at `start`. */
export function hexDump(bytes: Uint8Array, start = 0): readonly HexDumpRow[] {
  const rows: HexDumpRow[] = []
  for (let at = 0; at < bytes.length; at += hexDumpBytes) {
    const line = bytes.subarray(at, at + hexDumpBytes)
    const groups = [line.subarray(0, 8), line.subarray(8)].filter((group) => group.length > 0)
    rows.push({
      offset: start + at,
      groups: groups.map(hexPairs),
      ascii: Array.from(line, (byte) =>
        byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
      ).join(''),
    })
  }
  return rows
}

/**
 * The frame a draft becomes, byte for byte what was typed. JSON must be valid; to send JSON that is
 * not, the text format does. A file is not encoded here: it travels in chunks.
 */
export function encodeDraft(draft: Draft): EncodedDraft {
  switch (draft.format) {
    case 'text':
      return encodeText(draft.text)
    case 'json': {
      const error = checkJson(draft.text)
      return error ? { ok: false, ...error } : encodeText(draft.text)
    }
    case 'hex':
      return withOpcode(parseHex(draft.hex), draft.opcode)
    case 'base64':
      return withOpcode(parseBase64(draft.base64), draft.opcode)
    case 'file':
      return failure('', 0, 'A file has no text to encode.')
  }
}

/** UTF-8 of a text frame; a surrogate without its other half has none (RFC 6455 section 8.1). */
function encodeText(text: string): EncodedDraft {
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)
  if (lone)
    return failure(text, lone.index, 'Half a character stands here; it cannot be sent as UTF-8.')
  return { ok: true, opcode: 'text', bytes: new TextEncoder().encode(text) }
}

function withOpcode(parsed: ParsedBytes, opcode: DataOpcode): EncodedDraft {
  return parsed.ok ? { ok: true, opcode, bytes: parsed.bytes } : parsed
}

function failure(text: string, offset: number, message: string): FormatError {
  return { ok: false, message, ...lineAndColumn(text, offset) }
}

function paddingMessage(needed: number, found: number): string {
  const expected = needed === 0 ? 'none' : needed === 1 ? 'one =' : 'two ='
  return `The padding is wrong: ${expected} belongs here, not ${found}. It may also be left out.`
}

/** The character at an offset, in quotes; one that does not show as its number. */
function quoted(text: string, offset: number): string {
  const point = text.codePointAt(offset) ?? 0
  const invisible = /[\p{C}\p{Z}]/u.test(String.fromCodePoint(point))
  if (invisible) return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  return `“${String.fromCodePoint(point)}”`
}

const comma = 0x2c
const equalsSign = 0x3d

/** Space, tab and line breaks: what people and programs wrap hex and base64 with. */
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function isSeparator(code: number): boolean {
  return isSpace(code) || code === comma
}

function isHexPrefix(text: string, offset: number): boolean {
  const second = text.charCodeAt(offset + 1)
  return text.charCodeAt(offset) === 0x30 && (second === 0x78 || second === 0x58)
}

/** The value of a hex digit, -1 for any other character. */
function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x61 + 10 : -1
}

/** Bytes formatted at a time, a multiple of three, so that no single text grows byte by byte. */
const pieceBytes = 3 * 1024

const hexPairTable = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function hexPairs(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => hexPairTable[byte]).join(' ')
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The value of a character of either alphabet by its code, -1 for any other. */
const base64Digits = base64Table()

function base64Table(): Int8Array {
  const table = new Int8Array(128).fill(-1)
  for (let digit = 0; digit < 64; digit += 1) table[base64Alphabet.charCodeAt(digit)] = digit
  table['-'.charCodeAt(0)] = 62
  table['_'.charCodeAt(0)] = 63
  return table
}

function base64Piece(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const bits = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    text += base64Alphabet.charAt(bits >> 18) + base64Alphabet.charAt((bits >> 12) & 63)
    text += left > 1 ? base64Alphabet.charAt((bits >> 6) & 63) : '='
    text += left > 2 ? base64Alphabet.charAt(bits & 63) : '='
  }
  return text
}
