import type { FrameFilter } from '@shared/model/frame-filter'
import type { FrameLog } from '../frame-log/frame-log'
import { compileFilter, passesEverything } from './frame-filter-predicate'
import { IdList } from './id-list'

/** Which rows of a log a view has, by position. Positions of evicted rows stay counted. */
export interface RowSelection {
  /** Rows the view ever had. */
  readonly total: number
  /** Positions below this are gone. */
  readonly evicted: number
  /** Rows of the log looked at, counted from its first ever. */
  readonly scanned: number
  /** Whether every row of the log was looked at. */
  readonly complete: boolean
  /** The row's id; `undefined` outside the positions held. */
  idAt(position: number): number | undefined
  /** The first position whose row's id is not below `id`. */
  positionOf(id: number): number
  /** Looks at more rows until `deadline` (`performance.now()`). @returns whether some are left. */
  scan(deadline: number): boolean
}

/** Every row from `hiddenBefore` on: no list is needed. `undefined` when the filter wants less. */
export function allRows(log: FrameLog, filter: FrameFilter): RowSelection | undefined {
  if (!passesEverything(filter)) return undefined
  const base = filter.hiddenBefore
  const held = (id: number) => id >= log.firstId && id < log.total
  return {
    get total() {
      return Math.max(0, log.total - base)
    },
    get evicted() {
      return Math.max(0, log.firstId - base)
    },
    get scanned() {
      return log.total
    },
    complete: true,
    idAt: (position) => (position >= 0 && held(base + position) ? base + position : undefined),
    positionOf: (id) => Math.min(Math.max(0, id - base), Math.max(0, log.total - base)),
    scan: () => false,
  }
}

/** The rows that match, as a list that grows while the log is looked at. */
export function matchingRows(log: FrameLog, filter: FrameFilter): RowSelection {
  const predicate = compileFilter(filter)
  const ids = new IdList()
  let next = Math.max(filter.hiddenBefore, log.firstId)

  const evicted = () => {
    const position = ids.lowerBound(log.firstId)
    ids.forgetBefore(position)
    return position
  }

  return {
    get total() {
      return ids.length
    },
    get evicted() {
      return evicted()
    },
    get scanned() {
      return Math.min(Math.max(next, log.firstId), log.total)
    },
    get complete() {
      return next >= log.total
    },
    idAt(position) {
      const id = ids.at(position)
      return id !== undefined && id >= log.firstId ? id : undefined
    },
    positionOf: (id) => ids.lowerBound(id),
    scan(deadline) {
      // Rows evicted before their turn are never part of the view.
      next = Math.max(next, log.firstId)
      while (next < log.total) {
        if (log.test(next, predicate)) ids.push(next)
        next += 1
        if (performance.now() >= deadline) break
      }
      evicted()
      return next < log.total
    },
  }
}
