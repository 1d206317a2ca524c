import type { FilterNode } from '@shared/filter/node'
import type { FrameFilter } from '@shared/model/frame-filter'
import type { RowExtent } from '../frame-log/frame-log'

/** What a row must meet to be found; plain data. */
export interface ScanCondition extends Pick<FrameFilter, 'directions' | 'kinds' | 'session'> {
  /** All of them must hold. */
  readonly expressions: readonly FilterNode[]
  /** What relative times count from, in milliseconds since the epoch. */
  readonly now: number
  /** A time on the day that clock times without a date mean, in milliseconds since the epoch. */
  readonly today: number
  /** IANA name of the time zone of clock times; the system's when left out. */
  readonly timeZone?: string
}

/** What a scan thread is asked. Everything of one generation belongs to one condition. */
export type ScanRequest =
  | { readonly kind: 'begin'; readonly generation: number; readonly condition: ScanCondition }
  | {
      readonly kind: 'scan'
      readonly generation: number
      readonly firstId: number
      /** The row after the last one to be looked at, which may lie before the end of the source. */
      readonly endId: number
      readonly source: RowExtent['source']
    }

/** One for every `scan`, in order. */
export interface ScanReply {
  readonly generation: number
  /** Ids that match, counted from the request's `firstId`; none when the generation is over. */
  readonly matches: Uint32Array<ArrayBuffer>
  /** Why the rows could not be read; `null` when they were. */
  readonly failure: string | null
}
