import type { ExportedRow } from './exported-row'
import type { Piece, RowFormat } from './row-format'

/** The payloads of messages byte for byte, one after the other; text ones are ended by a line feed. */
export class PayloadsFormat implements RowFormat {
  *begin(): Generator<Piece, void> {}

  *row({ row, payload }: ExportedRow): Generator<Piece, void> {
    if (row.kind !== 'text' && row.kind !== 'binary') return
    yield payload
    if (row.kind === 'text') yield '\n'
  }

  *end(): Generator<Piece, void> {}
}
