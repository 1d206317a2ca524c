import type { Draft, HistoryEntry } from '@shared/model/connection'

/** A place in the history: 0 is the draft one came from, 1 the message sent last. */
export interface HistoryWalk {
  readonly step: number
  /** What was in the editor before the walk began. */
  readonly start: Draft
}

/** The draft a message was sent from; what else was in the composer stays. */
export function recall(entry: HistoryEntry, draft: Draft): Draft {
  const field = entry.format === 'json' ? 'text' : entry.format
  return { ...draft, format: entry.format, [field]: entry.content, opcode: entry.opcode }
}

/**
 * Goes one message back (`older`) or forth through what was sent, latest first.
 * @returns `null` at either end.
 */
export function walkHistory(
  walk: HistoryWalk,
  entries: readonly HistoryEntry[],
  direction: 'older' | 'newer',
): { readonly walk: HistoryWalk; readonly draft: Draft } | null {
  const step = walk.step + (direction === 'older' ? 1 : -1)
  if (step < 0 || step > entries.length) return null
  const entry = entries[step - 1]
  const draft = entry ? recall(entry, walk.start) : walk.start
  return { walk: { ...walk, step }, draft }
}
