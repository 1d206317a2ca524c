import type { ViewState } from '@shared/contract'
import { formatCount } from '@shared/format/bytes'

/** Rows that are looked at in no time; less is not worth a bar. */
const worthShowing = 2000

/** How far the filter, and after it the search, is with the rows that were there before. */
export interface FilterProgress {
  readonly label: 'Filtering' | 'Searching'
  readonly percent: number
  readonly text: string
}

/** `null` when nothing is under way that takes long. */
export function filterProgress(view: ViewState | null): FilterProgress | null {
  if (!view || view.problem !== null) return null
  return (
    progressOf('Filtering', view.scanned, view.logTotal) ??
    (view.find && progressOf('Searching', view.find.scanned, view.logTotal))
  )
}

function progressOf(
  label: FilterProgress['label'],
  scanned: number,
  total: number,
): FilterProgress | null {
  if (total - scanned < worthShowing) return null
  return {
    label,
    percent: Math.floor((scanned / total) * 100),
    text: `${formatCount(scanned)} of ${formatCount(total)} rows`,
  }
}
