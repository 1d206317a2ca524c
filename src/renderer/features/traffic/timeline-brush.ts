import type { Timeline } from '@shared/model/traffic-statistics'

/** A period in milliseconds since the epoch, from its first to before its last moment. */
export interface Period {
  readonly from: number
  readonly to: number
}

/** Shortest period that is zoomed into, in milliseconds: what the clock of a row resolves. */
const shortest = 0.001

/** Milliseconds of one part of a timeline. */
export function partLength({ from, to, counts }: Timeline): number {
  return Math.max(to - from, shortest) / Math.max(1, counts.length)
}

/** The place of a time on a timeline, from 0 to 1. */
export function placeOf(time: number, { from, to }: Period): number {
  return to > from ? Math.min(Math.max((time - from) / (to - from), 0), 1) : 0
}

/** The time at a place from 0 to 1. */
export function timeAt(place: number, { from, to }: Period): number {
  return from + Math.min(Math.max(place, 0), 1) * (to - from)
}

/** The period between two times in either order, within a timeline; its end takes the last row with it. */
export function periodOf(one: number, other: number, timeline: Timeline): Period {
  const within = (time: number) => Math.min(Math.max(time, timeline.from), timeline.to)
  const from = within(Math.min(one, other))
  const to = within(Math.max(one, other))
  return { from, to: to >= timeline.to ? timeline.to + shortest : Math.max(to, from + shortest) }
}

/** What a key makes of a period; `null` when it means nothing here. */
export function stepped(
  period: Period,
  end: 'from' | 'to' | 'both',
  key: string,
  timeline: Timeline,
): Period | null {
  const part = partLength(timeline)
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -part,
    ArrowDown: -part,
    ArrowRight: part,
    ArrowUp: part,
    PageDown: -10 * part,
    PageUp: 10 * part,
    Home: timeline.from - timeline.to,
    End: timeline.to - timeline.from,
  }
  const step = steps[key]
  if (step === undefined) return null
  if (end === 'both') {
    const by = Math.min(Math.max(step, timeline.from - period.from), timeline.to - period.to)
    return { from: period.from + by, to: period.to + by }
  }
  if (end === 'from') {
    const from = Math.min(period.from + step, period.to - part)
    return { ...period, from: Math.max(from, timeline.from) }
  }
  const to = Math.max(period.to + step, period.from + part)
  return { ...period, to: Math.min(to, timeline.to) }
}

/** Rows per second in the busiest part, and when that begins. */
export function peakOf(timeline: Timeline): { readonly rate: number; readonly time: number } {
  let index = 0
  timeline.counts.forEach((count, at) => {
    if (count > (timeline.counts[index] ?? 0)) index = at
  })
  const part = partLength(timeline)
  return {
    rate: ((timeline.counts[index] ?? 0) / part) * 1000,
    time: timeline.from + index * part,
  }
}
