import { termSources } from '@shared/filter/compile'
import type { FilterNode } from '@shared/filter/node'
import type { ScanStop } from './scan-thread'

const number = new Intl.NumberFormat('en-US')

/** What a view says when its scan was stopped: which expression, on which row, and what to do. */
export function stopProblem(expressions: readonly FilterNode[], stop: ScanStop): string {
  const source = expressions.flatMap((node) => termSources(node))[stop.term]
  const subject = source === undefined ? 'The filter' : `The expression ${source}`
  const row = stop.row === null ? '' : ` on row ${number.format(stop.row)}`
  if (typeof stop.cause === 'number') {
    const seconds = Math.round(stop.cause / 100) / 10
    return (
      `${subject} was stopped: it took longer than ${seconds} s${row}. Rows from there on are not ` +
      'searched. An expression without repetition inside repetition takes less time.'
    )
  }
  if ('code' in stop.cause && stop.cause.code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return (
      `${subject} was stopped: it ran out of memory${row}. Rows from there on are not searched. ` +
      'A filter such as size<10M in front leaves out large payloads.'
    )
  }
  return (
    `${subject} was stopped${row}: ${stop.cause.message} Rows from there on are not searched. ` +
    'Setting the filter again starts anew.'
  )
}

/** What a view says when rows of its log could not be read. */
export function unreadableProblem(firstId: number, endId: number, message: string): string {
  const rows =
    endId - firstId === 1
      ? `Row ${number.format(firstId)}`
      : `Rows ${number.format(firstId)} to ${number.format(endId - 1)}`
  return `${rows} could not be read and are not searched: ${message}`
}
