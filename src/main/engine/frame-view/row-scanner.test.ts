import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { everything } from '@shared/model/frame-filter'
import { foldedBytes, foldedWord } from '../../../../test/support/filter-language'
import { newRow } from '../../../../test/support/new-row'
import { textRow } from '../../../../test/support/text-row'
import type { FrameLog, NewRow, RowExtent } from '../frame-log/frame-log'
import { flagsOf, rowRecordBytes, writeRow } from '../frame-log/record'
import { conditionOf, filterMoment, type FilterMoment } from './filter-condition'
import { RowScanner } from './row-scanner'
import { ScanControl } from './scan-control'

const atStart: FilterMoment = { now: 0, today: 0 }

function recordsOf(rows: readonly NewRow[]): Uint8Array<ArrayBuffer> {
  const lengths = rows.map((row) => rowRecordBytes(0, row.payload.byteLength))
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  const view = new DataView(bytes.buffer)
  let offset = 0
  rows.forEach((row, index) => {
    writeRow(bytes, view, offset, lengths[index] ?? 0, row, flagsOf(row), null)
    offset += lengths[index] ?? 0
  })
  return bytes
}

function scannerFor(query: string, moment = atStart) {
  const control = new ScanControl()
  const scanner = new RowScanner(control)
  const condition = conditionOf({ ...everything(), query }, moment)
  if (!condition) throw new Error('The query matches everything')
  control.generation = 1
  scanner.handle({ kind: 'begin', generation: 1, condition })
  const scan = (source: RowExtent['source'], count: number, generation = 1) =>
    scanner.handle({ kind: 'scan', generation, firstId: 70, endId: 70 + count, source })
  return { control, scan }
}

function matchesOf(query: string, rows: readonly NewRow[], moment = atStart): number[] {
  const reply = scannerFor(query, moment).scan({ bytes: recordsOf(rows) }, rows.length)
  expect(reply?.failure).toBeNull()
  return [...(reply?.matches ?? [])]
}

describe('RowScanner', () => {
  it('takes clock times as those of the viewer, on the day it is there', () => {
    const latest = Date.UTC(2026, 10, 22, 20)
    const rows = [newRow({ time: latest - 1 }), newRow({ time: latest })]
    const log = { total: 2, time: () => latest } as unknown as FrameLog
    const matches = (query: string, timeZone: string) =>
      matchesOf(query, rows, filterMoment(log, { ...everything(), timeZone }))
    expect(matches('time>=05:00', 'Asia/Tokyo')).toEqual([1])
    expect(matches('time>=2026-11-23T05:00', 'Asia/Tokyo')).toEqual([1])
    expect(matches('time<12:00', 'America/Los_Angeles')).toEqual([0])
    expect(filterMoment(log, { ...everything(), timeZone: 'Mars/Olympus' })).not.toHaveProperty(
      'timeZone',
    )
  })

  it('finds words in rows of every script as reading each row does', () => {
    const word = foldedWord.map((text) => JSON.stringify(text))
    const group = fc.array(word, { minLength: 1, maxLength: 3 })
    const query = fc.oneof(
      word,
      group.map((words) => words.join(' ')),
      group.map((words) => words.join(' or ')),
      fc.tuple(group, word).map(([words, other]) => `(${words.join(' or ')}) -${other}`),
      fc.tuple(group, word).map(([words, other]) => `dir:in (${words.join(' or ')}) ${other}`),
    )
    const row = fc
      .tuple(fc.constantFrom('text', 'binary', 'close'), foldedBytes)
      .map(([kind, payload]) => newRow({ kind, payload }))
    fc.assert(
      fc.property(query, fc.array(row, { maxLength: 30 }), (text, rows) => {
        // An alternative without a word keeps words from being looked for in the block as a whole.
        expect(matchesOf(text, rows)).toEqual(matchesOf(`(${text}) or session:9`, rows))
      }),
      { numRuns: 1000 },
    )
  })

  it('finds one of several words in the row it is in, in whatever order they come', () => {
    const rows = ['ж', 'b', 'Ж and B', 'a', 'none', 'B', 'ж', 'a'].map((text) => textRow(text))
    expect(matchesOf('b or ж', rows)).toEqual([0, 1, 2, 5, 6])
    expect(matchesOf('ж or b', rows)).toEqual([0, 1, 2, 5, 6])
    expect(matchesOf('(ж or b or straße) "and"', rows)).toEqual([2])
  })

  it('does not find what only stands across two rows or in their heads', () => {
    const rows = [
      textRow('xab'),
      textRow('cdx'),
      newRow({ maskingKey: 0x64636261 }),
      textRow('ABCD'),
    ]
    expect(matchesOf('abcd', rows)).toEqual([3])
  })

  it('looks at the rows asked for and no more', () => {
    const rows = ['a', 'b', 'a', 'a'].map((text) => textRow(text))
    const { scan } = scannerFor('a')
    const bytes = recordsOf(rows)
    expect([...(scan({ bytes }, 3)?.matches ?? [])]).toEqual([0, 2])
  })

  it('reads a part of a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'framescope-scan-'))
    try {
      const path = join(folder, 'segment')
      const records = recordsOf([textRow('pear'), textRow('apple')])
      await writeFile(path, Buffer.concat([Buffer.alloc(32), records]))
      const { scan } = scannerFor('apple')
      const end = 32 + records.byteLength
      expect([...(scan({ path, start: 32, end }, 2)?.matches ?? [])]).toEqual([1])
      expect(scan({ path, start: 32, end: end + 8 }, 2)?.failure).toMatch(/shorter/)
      expect(scan({ path: join(folder, 'none'), start: 0, end: 8 }, 1)?.failure).toMatch(/ENOENT/)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('says when records are cut short', () => {
    const bytes = recordsOf([textRow('apple'), textRow('apple')])
    const { scan } = scannerFor('apple')
    expect(scan({ bytes: bytes.slice(0, -8) }, 2)?.failure).toBe('Only 1 of 2 rows are whole.')
  })

  it('leaves what is no longer wanted', () => {
    const rows = Array.from({ length: 200 }, () => textRow('apple'))
    const { control, scan } = scannerFor('/apple/')
    const bytes = recordsOf(rows)
    expect(scan({ bytes }, 200, 0)?.matches).toHaveLength(0)
    control.generation = 2
    expect(scan({ bytes }, 200)).toEqual({
      generation: 1,
      matches: new Uint32Array(0),
      failure: null,
    })
  })

  it('notes the term under test, and that none is when it is done', () => {
    const { control, scan } = scannerFor('/x/ or $.a')
    scan({ bytes: recordsOf([textRow('{"a":1}')]) }, 1)
    expect(control.place).toMatchObject({ row: 0, term: -1 })
    expect(control.place.step).toBeGreaterThan(0)
  })
})
