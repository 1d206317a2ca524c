import type { Timeline } from '@shared/model/traffic-statistics'
import type { FrameLog } from '../frame-log/frame-log'
import type { RowSelection } from './row-selection'

/** One microsecond in milliseconds: how exact times of rows are. */
const microsecond = 0.001

/**
 * Counts the rows held of a selection that fall into each of `parts` equally long parts of a period,
 * its end excluded; without a period, from the first row to the last one, both counted. Times are
 * taken to ascend, so each part costs two binary searches. `null` when the period is empty, or when
 * there is none and no row either.
 */
export function timelineOf(
  log: FrameLog,
  selection: RowSelection,
  period: { readonly from: number; readonly to: number } | null,
  parts: number,
): Timeline | null {
  const { from, to } = period ?? span(log, selection)
  if (!(from < to)) return null
  const counts: number[] = []
  let before = positionAtTime(log, selection, from)
  for (let part = 1; part <= parts; part += 1) {
    const end = part === parts ? to : from + ((to - from) * part) / parts
    const position = Math.max(before, positionAtTime(log, selection, end))
    counts.push(position - before)
    before = position
  }
  return { from, to, counts }
}

/** The position of the first row held of a selection at or after a time; its total if there is none. */
export function positionAtTime(log: FrameLog, selection: RowSelection, time: number): number {
  return Math.max(selection.positionOf(log.firstAtOrAfter(time)), selection.evicted)
}

function span(log: FrameLog, selection: RowSelection): { from: number; to: number } {
  const first = selection.idAt(selection.evicted)
  const last = selection.idAt(selection.total - 1)
  if (first === undefined || last === undefined) return { from: 0, to: 0 }
  const from = log.time(first)
  return { from, to: Math.max(from, log.time(last)) + microsecond }
}
