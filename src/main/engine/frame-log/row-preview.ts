import { parseClosePayload } from '@shared/model/close-code'
import { previewBytes, type RowKind } from '@shared/model/frame'

/** What a row shows of its payload. */
export interface RowPreview {
  readonly preview: string
  /** Whether the payload goes on after the preview. */
  readonly previewCut: boolean
  /** Close frames only: the status code, `null` when the frame had none. */
  readonly closeCode: number | null
}

/** Bytes of a binary, ping or pong payload that a preview shows as hex pairs. */
const hexPreviewBytes = 64

/** Bytes of the status code in front of a close frame's reason (RFC 6455 section 5.5.1). */
const closeCodeBytes = 2

// A byte order mark is part of what the peer sent.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Builds the preview of one payload: text (messages, events, close reasons) cut at a character
 * within 200 bytes, the first lines of an opening handshake, everything else as spaced lower-case
 * hex pairs of the first 64 bytes.
 * @param payload of which the end may be missing, as long as more than a preview shows is there.
 * @param size bytes of the whole payload.
 */
export function previewOf(
  kind: RowKind,
  payload: Uint8Array,
  size = payload.byteLength,
): RowPreview {
  switch (kind) {
    case 'binary':
    case 'ping':
    case 'pong':
      return {
        preview: hexPairs(payload.subarray(0, hexPreviewBytes)),
        previewCut: size > hexPreviewBytes,
        closeCode: null,
      }
    case 'close':
      return {
        ...textPreview(payload.subarray(closeCodeBytes), size - closeCodeBytes),
        closeCode: parseClosePayload(payload.subarray(0, closeCodeBytes)).code,
      }
    case 'open':
      return { preview: firstLines(payload), previewCut: true, closeCode: null }
    case 'text':
    case 'error':
    case 'note':
      return { ...textPreview(payload, size), closeCode: null }
  }
}

function textPreview(payload: Uint8Array, size: number): { preview: string; previewCut: boolean } {
  const end = characterBoundary(payload, previewBytes)
  return { preview: decoder.decode(payload.subarray(0, end)), previewCut: end < size }
}

/** Of both handshake heads their first lines: what was asked for, and the answer. */
function firstLines(heads: Uint8Array): string {
  const text = decoder.decode(heads)
  const answer = text.indexOf('\r\n\r\n') + 4
  return [text, answer < 4 ? '' : text.slice(answer)]
    .map((head) => head.slice(0, head.indexOf('\r\n')).replace(/ ?HTTP\/1\.1 ?/, ''))
    .map((line) => line.slice(0, previewBytes / 2))
    .join(' → ')
}

/**
 * The largest position up to `limit` at which UTF-8 can be cut without splitting a character. In
 * bytes that are not UTF-8 it is `limit` itself or at most three bytes before it.
 */
export function characterBoundary(bytes: Uint8Array, limit: number): number {
  if (bytes.byteLength <= limit) return bytes.byteLength
  for (let end = limit; end > limit - 4 && end > 0; end -= 1) {
    if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end
  }
  return limit
}

function hexPairs(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += (text && ' ') + byte.toString(16).padStart(2, '0')
  return text
}
