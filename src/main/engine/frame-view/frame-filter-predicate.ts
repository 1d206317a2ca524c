import type { FrameFilter } from '@shared/model/frame-filter'
import { directions, rowKinds } from '@shared/model/frame'
import type { RowPredicate } from '../frame-log/frame-log'
import { payloadMatcher } from './payload-matcher'

/** Whether the filter lets every row pass, apart from those that `hiddenBefore` hides. */
export function passesEverything(filter: FrameFilter): boolean {
  return (
    filter.text === '' &&
    filter.session === null &&
    rowKinds.every((kind) => filter.kinds.includes(kind)) &&
    directions.every((direction) => direction === 'none' || filter.directions.includes(direction))
  )
}

/**
 * Compiles a filter. Events (direction `none`) follow the kinds and never the directions. The cheap
 * checks come first; the payload is only looked at when all of them hold.
 */
export function compileFilter(filter: FrameFilter): RowPredicate {
  const kinds = new Set(filter.kinds)
  const shown = new Set(filter.directions).add('none')
  const { hiddenBefore, session } = filter
  const matches = filter.text === '' ? undefined : payloadMatcher(filter.text)
  return (row) =>
    row.id >= hiddenBefore &&
    kinds.has(row.kind) &&
    shown.has(row.direction) &&
    (session === null || row.session === session) &&
    (matches === undefined || matches(row.payload))
}
