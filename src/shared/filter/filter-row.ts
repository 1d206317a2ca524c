import type { Direction, RowKind } from '../model/frame'
import type { CalendarDay } from './node'

/** What a filter reads of a row. Read lazily: getters may compute, and one object may serve all rows. */
export interface FilterRow {
  readonly id: number
  readonly session: number
  /** Milliseconds since the epoch, microseconds as the fraction. */
  readonly time: number
  readonly direction: Direction
  readonly kind: RowKind
  /** Payload bytes, inflated. */
  readonly size: number
  /** Bytes on the wire; 0 for events. */
  readonly wireSize: number
  readonly fragments: number
  readonly compressed: boolean
  readonly masked: boolean
  readonly broken: boolean
  /** Close frames only: the status code, `null` when the frame had none. */
  readonly closeCode: number | null
  /** Of a close frame with its code in front. */
  readonly payload: Uint8Array
}

/** What a filter has to know besides the row. */
export interface FilterContext {
  /** The moment `since:` counts back from, in milliseconds since the epoch; asked for every row. */
  now(): number
  /** The day that a clock time without a date means; asked when the filter is compiled. */
  dayOf(): CalendarDay
  /** IANA name of the viewer's time zone; the system's when left out. */
  readonly timeZone?: string
  /** Called before a term that may take long looks at a row, with its place in `termSources`. */
  onTerm?(index: number): void
}

/** A filter ready to be used. */
export interface CompiledFilter {
  /** Whether a test may look at the payload. */
  readonly usesPayload: boolean
  test(row: FilterRow): boolean
}
