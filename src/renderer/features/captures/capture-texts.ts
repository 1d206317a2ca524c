import { formatTimestamp } from '@shared/format/clock'
import { formatDuration } from '@shared/format/duration'
import type { Capture } from '@shared/model/capture'

/** Local date and time to the minute: `2026-11-22 14:47`. */
export function minuteText(time: number): string {
  return formatTimestamp(time).slice(0, 16)
}

/** When it begins and how long it lasts, if at all: `2026-11-22 14:47:12, 12.3 min`; empty when not known. */
export function periodText({ from, to }: Pick<Capture, 'from' | 'to'>): string {
  if (from === null || to === null) return ''
  const start = formatTimestamp(from).slice(0, 19)
  return from === to ? start : `${start}, ${formatDuration(to - from)}`
}

/** A name for what a log holds now. */
export function suggestedName(origin: string, now: number): string {
  return `${origin} ${minuteText(now)}`.trim().slice(0, 200)
}

/** Milliseconds that what nobody saved is kept at most. */
const keptFor = 7 * 24 * 60 * 60 * 1000

/** When it was saved, or until when what was not saved is kept. */
export function keptText({ kind, savedAt }: Pick<Capture, 'kind' | 'savedAt'>): string {
  return kind === 'saved'
    ? `Saved ${minuteText(savedAt)}`
    : `Kept until ${minuteText(savedAt + keptFor)} at the latest`
}
