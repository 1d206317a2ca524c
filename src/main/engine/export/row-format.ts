import type { ExportedRow } from './exported-row'

/** A part of a file. Text is written as UTF-8; an empty one only gives others a turn. */
export type Piece = string | Uint8Array

/** How rows become a file. Pieces are cheap to make, so that there can be a pause after each. */
export interface RowFormat {
  /** Whether it wants all rows of a session one after the other. */
  readonly bySession?: boolean
  /**
   * Whether it wants the opening handshake of every session, also when it is not among the rows;
   * such rows are marked `added`.
   */
  readonly handshakes?: boolean
  begin(): Iterable<Piece>
  row(row: ExportedRow, added: boolean): Iterable<Piece>
  end(): Iterable<Piece>
}
