import { parseClosePayload } from '@shared/model/close-code'
import { characterBoundary } from '../frame-log/row-preview'
import type { ExportedRow } from './exported-row'
import { base64Pieces, isoTime, isTextKind, isValidText } from './json-lines'
import type { Piece, RowFormat } from './row-format'

const columns = [
  ...['id', 'session', 'time', 'direction', 'type', 'size', 'wireSize', 'fragments', 'compressed'],
  ...['fate', 'closeCode', 'rtt', 'broken', 'note', 'encoding', 'payload'],
]

const pieceBytes = 192 * 1024

/**
 * Comma-separated values (RFC 4180): a header line, lines ended by CR LF, every text in quotation
 * marks. What a spreadsheet would take for a formula gets an apostrophe in front.
 */
export class CsvFormat implements RowFormat {
  *begin(): Generator<Piece, void> {
    yield `${columns.join(',')}\r\n`
  }

  *row({ row, payload }: ExportedRow): Generator<Piece, void> {
    const isText = (isTextKind(row.kind) && (yield* isValidText(payload))) || row.kind === 'close'
    const broken = row.broken ? `${row.broken.rule} (${row.broken.section})` : ''
    const cells = [
      row.id,
      row.session,
      isoTime(Math.round(row.time * 1000)),
      row.direction,
      row.kind,
      row.size,
      row.wireSize,
      row.fragments,
      row.compressed,
      row.fate ?? '',
      row.closeCode ?? '',
      row.rtt ?? '',
      text(broken),
      text(row.note ?? ''),
      isText ? 'text' : 'base64',
    ]
    yield `${cells.join(',')},`
    if (row.kind === 'close') yield text(parseClosePayload(payload).reason)
    else if (isText) yield* longText(payload)
    else yield* longBase64(payload)
    yield '\r\n'
  }

  *end(): Generator<Piece, void> {}
}

/**
 * How a formula begins, full-width signs of East Asian editions among them, and the apostrophe, so that
 * taking one off always gives the text back.
 */
const formulaStart = /^[=+\-@\t\r\n'＝＋－＠]/

function text(value: string): string {
  if (value === '') return ''
  return `"${guarded(value)}"`
}

function guarded(value: string): string {
  return (formulaStart.test(value) ? "'" : '') + value.replaceAll('"', '""')
}

function* longText(payload: Uint8Array): Generator<Piece, void> {
  if (payload.byteLength === 0) return
  yield '"'
  for (let start = 0; start < payload.byteLength;) {
    const rest = payload.subarray(start)
    const piece = rest.subarray(0, characterBoundary(rest, pieceBytes))
    const words = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString('utf8')
    yield start === 0 ? guarded(words) : words.replaceAll('"', '""')
    start += piece.byteLength
  }
  yield '"'
}

function* longBase64(payload: Uint8Array): Generator<Piece, void> {
  let isFirst = true
  for (const piece of base64Pieces(payload)) {
    yield isFirst && formulaStart.test(piece) ? `'${piece}` : piece
    isFirst = false
  }
}
