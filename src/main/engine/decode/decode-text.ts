import { isUtf8 } from 'node:buffer'
import { checkJson } from '@shared/model/json-text'
import { parseBase64, parseHex, type ParsedBytes } from '@shared/model/payload-format'
import { DecodeFailure, owned, tooLarge, type Bytes } from './decode-failure'
import { firstInvalidUtf8 } from './invalid-utf8'

/** UTF-16 units handled at a time. */
const pieceUnits = 512 * 1024
const encoder = new TextEncoder()

/** UTF-8 without its byte order mark. @throws {DecodeFailure} at the first byte that is no UTF-8. */
export function decodeUtf8(input: Uint8Array): Bytes {
  requireUtf8(input)
  const marked = input[0] === 0xef && input[1] === 0xbb && input[2] === 0xbf
  return owned(marked ? input.subarray(3) : input)
}

/**
 * UTF-16 as UTF-8, without its byte order mark.
 * @throws {DecodeFailure} where half a character stands, or when the mark names the other order.
 */
export function decodeUtf16(input: Uint8Array, order: 'LE' | 'BE', limit: number): Bytes {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const little = order === 'LE'
  const mark = input.length >= 2 ? view.getUint16(0, little) : 0
  if (mark === 0xfffe)
    throw new DecodeFailure(
      `The byte order mark says UTF-16 ${little ? 'BE' : 'LE'}; this step reads ${order}.`,
      0,
    )
  const start = mark === 0xfeff ? 2 : 0
  const pieces: Bytes[] = []
  let size = 0
  for (let at = start; at + 2 <= input.length;) {
    let end = Math.min(at + pieceUnits * 2, input.length - (input.length % 2))
    // A pair of surrogates stays together.
    if (end + 2 <= input.length && isHigh(view.getUint16(end - 2, little))) end += 2
    const piece = encoder.encode(utf16Text(view, at, end, little))
    size += piece.length
    if (size > limit) throw tooLarge('UTF-16', limit)
    pieces.push(piece)
    at = end
  }
  const all = owned(Buffer.concat(pieces, size))
  if (input.length % 2 === 1)
    throw new DecodeFailure('UTF-16 takes two bytes at a time; here is one.', input.length - 1, all)
  return all
}

/** @throws {DecodeFailure} at the first character that is no base64. */
export function decodeBase64(input: Uint8Array): Bytes {
  return parsed(input, parseBase64, 'a base64 character')
}

/** @throws {DecodeFailure} at the first character that is no hex digit. */
export function decodeHex(input: Uint8Array): Bytes {
  return parsed(input, parseHex, 'a hex digit')
}

/** Checks JSON (RFC 8259) and gives it as it is. @throws {DecodeFailure} at the first mistake. */
export function decodeJson(input: Uint8Array): Bytes {
  const bytes = decodeUtf8(input)
  const text = Buffer.from(bytes.buffer).toString('utf8')
  const mistake = checkJson(text)
  if (!mistake) return bytes
  const marked = input.length - bytes.length
  const offset = marked + Buffer.byteLength(text.slice(0, mistake.offset))
  throw new DecodeFailure(mistake.message, offset)
}

/** @throws {DecodeFailure} at the first byte that is no UTF-8. */
function requireUtf8(input: Uint8Array): void {
  if (isUtf8(input)) return
  const offset = firstInvalidUtf8(input)
  const byte = input[offset]
  throw new DecodeFailure(
    byte === undefined
      ? 'The text ends in the middle of a character.'
      : `The byte 0x${byte.toString(16).padStart(2, '0')} cannot stand here in UTF-8.`,
    offset,
  )
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function utf16Text(view: DataView, start: number, end: number, little: boolean): string {
  const bytes = Buffer.from(view.buffer.slice(view.byteOffset + start, view.byteOffset + end))
  const text = (little ? bytes : bytes.swap16()).toString('utf16le')
  const lone = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.exec(text)
  if (!lone) return text
  const offset = start + lone.index * 2
  throw new DecodeFailure('Half a character stands here: a surrogate without the other.', offset)
}

/** Each byte as one character, so that places in the text are places in the bytes. */
function parsed(input: Uint8Array, parse: (text: string) => ParsedBytes, wanted: string): Bytes {
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1')
  const result = parse(text)
  if (result.ok) return result.bytes
  const byte = input[result.offset] ?? 0
  throw new DecodeFailure(
    byte < 0x80 ? result.message : `The byte 0x${byte.toString(16)} is not ${wanted}.`,
    result.offset,
  )
}
