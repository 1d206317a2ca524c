import type { Draft, HistoryEntry } from '@shared/model/connection'

/** Entries kept; the oldest go first. */
export const historyEntries = 100

/** Longest message kept, in UTF-16 units of what was typed: recalling a larger one helps nobody. */
export const historyEntryLength = 64 * 1024

/** What was sent from one tab and can be recalled, latest first. */
export class History {
  #entries: readonly HistoryEntry[] = []

  get entries(): readonly HistoryEntry[] {
    return this.#entries
  }

  /** Keeps a draft that was sent. The same message sent again moves its time on. Files are not kept. */
  add(draft: Draft, time: number): void {
    if (draft.format === 'file') return
    const isText = draft.format === 'text' || draft.format === 'json'
    this.record({
      time,
      format: draft.format,
      content: isText ? draft.text : draft[draft.format === 'hex' ? 'hex' : 'base64'],
      opcode: isText ? 'text' : draft.opcode,
    })
  }

  record(entry: HistoryEntry): void {
    if (entry.content.length > historyEntryLength) return
    const latest = this.#entries[0]
    const older = latest && isSame(latest, entry) ? this.#entries.slice(1) : this.#entries
    this.#entries = [entry, ...older].slice(0, historyEntries)
  }
}

function isSame(one: HistoryEntry, other: HistoryEntry): boolean {
  return one.content === other.content && one.format === other.format && one.opcode === other.opcode
}
