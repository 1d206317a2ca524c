import { describe, expect, it } from 'vitest'
import { emptyDraft, type HistoryEntry } from '@shared/model/connection'
import { must } from '../../../../test/fakes/must'
import { recall, walkHistory } from './history-walk'

const entries: readonly [HistoryEntry, HistoryEntry, HistoryEntry] = [
  { time: 3, format: 'json', content: '{"a":1}', opcode: 'text' },
  { time: 2, format: 'hex', content: 'ca fe', opcode: 'binary' },
  { time: 1, format: 'text', content: 'one\r\n', opcode: 'text' },
]

describe('recall', () => {
  it('puts a message back where it was written and leaves the rest', () => {
    const draft = { ...emptyDraft(), text: 'kept', base64: 'AA==' }
    expect(recall(entries[1], draft)).toEqual({
      ...draft,
      format: 'hex',
      hex: 'ca fe',
      opcode: 'binary',
    })
    expect(recall(entries[0], draft)).toMatchObject({ format: 'json', text: '{"a":1}' })
  })
})

describe('walkHistory', () => {
  const start = { ...emptyDraft(), text: 'unsent' }

  it('walks to the oldest message and back to what was unsent', () => {
    let walk = { step: 0, start }
    const seen: string[] = []
    for (const direction of ['older', 'older', 'older', 'newer', 'newer', 'newer'] as const) {
      const next = must(walkHistory(walk, entries, direction))
      walk = { ...next.walk }
      seen.push(next.draft.format === 'hex' ? next.draft.hex : next.draft.text)
    }
    expect(seen).toEqual(['{"a":1}', 'ca fe', 'one\r\n', 'ca fe', '{"a":1}', 'unsent'])
  })

  it('stops at both ends', () => {
    expect(walkHistory({ step: 0, start }, entries, 'newer')).toBeNull()
    expect(walkHistory({ step: 3, start }, entries, 'older')).toBeNull()
    expect(walkHistory({ step: 0, start }, [], 'older')).toBeNull()
  })
})
