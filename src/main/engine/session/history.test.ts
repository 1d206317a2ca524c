import { beforeEach, describe, expect, it } from 'vitest'
import { emptyDraft, type Draft } from '@shared/model/connection'
import { History, historyEntries, historyEntryLength } from './history'

const draft = (change: Partial<Draft>): Draft => ({ ...emptyDraft(), ...change })

describe('History', () => {
  let history: History

  beforeEach(() => {
    history = new History()
  })

  it('lists what was sent, latest first, as it was typed', () => {
    history.add(draft({ format: 'text', text: 'a\r\nb' }), 1)
    history.add(draft({ format: 'hex', hex: '0x41', text: 'a\r\nb' }), 2)
    history.add(draft({ format: 'base64', base64: 'QQ==', opcode: 'text' }), 3)
    expect(history.entries).toEqual([
      { time: 3, format: 'base64', content: 'QQ==', opcode: 'text' },
      { time: 2, format: 'hex', content: '0x41', opcode: 'binary' },
      { time: 1, format: 'text', content: 'a\r\nb', opcode: 'text' },
    ])
  })

  it('collapses the same message sent again', () => {
    history.add(draft({ text: 'a' }), 1)
    history.add(draft({ text: 'a' }), 2)
    history.add(draft({ text: 'b' }), 3)
    history.add(draft({ text: 'a' }), 4)
    expect(history.entries.map(({ content, time }) => [content, time])).toEqual([
      ['a', 4],
      ['b', 3],
      ['a', 2],
    ])
  })

  it('keeps neither files nor long messages', () => {
    history.add(draft({ format: 'file' }), 1)
    history.add(draft({ text: 'x'.repeat(historyEntryLength + 1) }), 2)
    expect(history.entries).toEqual([])
  })

  it('keeps a bounded number', () => {
    for (let index = 0; index < historyEntries + 5; index += 1)
      history.add(draft({ text: String(index) }), index)
    expect(history.entries).toHaveLength(historyEntries)
    expect(history.entries.at(-1)?.content).toBe('5')
  })
})
