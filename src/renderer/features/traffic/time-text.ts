import { formatClock } from '@shared/format/clock'
import { formatDuration } from '@shared/format/duration'
import type { TimeDisplay } from '@shared/model/settings'

/** A row's time as the Time column shows it. `origin` is the time that relative times count from. */
export function timeText(
  display: TimeDisplay,
  time: number,
  previousTime: number | null,
  origin: number | null,
): string {
  if (display === 'clock') return formatClock(time)
  if (display === 'delta') return deltaText(time, previousTime)
  return formatElapsed(time - (origin ?? time))
}

/** The time since the row before, empty for the first one. */
export function deltaText(time: number, previousTime: number | null): string {
  if (previousTime === null) return ''
  const delta = time - previousTime
  return delta < 0 ? formatDuration(delta) : `+${formatDuration(delta)}`
}

/** Time since the start with milliseconds: `12:31.037`, hours in front when there are any. */
export function formatElapsed(milliseconds: number): string {
  const total = Math.round(Math.abs(milliseconds))
  const hours = Math.floor(total / 3_600_000)
  const minutes = String(Math.floor(total / 60_000) % 60).padStart(2, '0')
  const seconds = ((total % 60_000) / 1000).toFixed(3).padStart(6, '0')
  const sign = milliseconds < 0 && total > 0 ? '-' : ''
  return `${sign}${hours > 0 ? `${hours}:` : ''}${minutes}:${seconds}`
}
