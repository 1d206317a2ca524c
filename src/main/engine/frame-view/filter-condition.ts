import { AppError } from '@shared/errors'
import type { FilterNode } from '@shared/filter/node'
import { parseFilter } from '@shared/filter/parse'
import type { FrameFilter } from '@shared/model/frame-filter'
import { directions, rowKinds } from '@shared/model/frame'
import type { FrameLog } from '../frame-log/frame-log'
import type { ScanCondition } from './scan-messages'

/**
 * The expression of a query, `null` when it is empty.
 * @throws {AppError} FILTER_INVALID with `details` `{ start, end }` when it cannot be read.
 */
export function expressionOf(query: string): FilterNode | null {
  const parse = parseFilter(query)
  if (parse.ok) return parse.node
  const { message, start, end } = parse.problem
  throw new AppError('FILTER_INVALID', message, { details: { start, end } })
}

/** When a filter was set. */
export type FilterMoment = Pick<ScanCondition, 'now' | 'today' | 'timeZone'>

/** The moment of a filter that is set now: its day is that of the log's most recent row. */
export function filterMoment(log: FrameLog, { timeZone }: FrameFilter): FilterMoment {
  const now = Date.now()
  const latest = log.time(log.total - 1)
  const today = Number.isNaN(latest) ? now : latest
  return timeZone !== undefined && isTimeZone(timeZone) ? { now, today, timeZone } : { now, today }
}

/** The viewer's may be newer than what is known here. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}

/**
 * What rows have to be tested for, apart from `hiddenBefore`, `period` and `bookmarked`; `null` when
 * every row passes. `find` is one more expression that must hold.
 * @param moment what times in the expressions count from.
 * @throws {AppError} FILTER_INVALID as {@link expressionOf}.
 */
export function conditionOf(
  filter: FrameFilter,
  moment: FilterMoment,
  find: FilterNode | null = null,
): ScanCondition | null {
  const { kinds, session } = filter
  const expressions = [expressionOf(filter.query), find].filter((node) => node !== null)
  const plain =
    expressions.length === 0 &&
    session === null &&
    rowKinds.every((kind) => kinds.includes(kind)) &&
    directions.every((direction) => direction === 'none' || filter.directions.includes(direction))
  return plain ? null : { expressions, directions: filter.directions, kinds, session, ...moment }
}
