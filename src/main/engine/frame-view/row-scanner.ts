import { closeSync, openSync, readSync } from 'node:fs'
import { compileFilter, termSources, type FilterRow } from '@shared/filter/compile'
import { dayOfTime } from '@shared/filter/zoned-time'
import { readRows, type RecordedRow } from '../frame-log/record'
import type { ScanControl } from './scan-control'
import type { ScanCondition, ScanReply, ScanRequest } from './scan-messages'
import { prescanOf, type WordPrescan } from './word-prescan'

/** Rows tested between two looks at whether they are still wanted; a power of two. */
const rowsBetweenLooks = 64

/** Largest buffer that is kept for the next read, in bytes. */
const keptBytes = 4 * 1024 * 1024

type RowTest = (row: FilterRow) => boolean

/** The thread's end of a scan: reads rows of an extent and finds those that match. */
export class RowScanner {
  readonly #control: ScanControl
  #generation = 0
  #test: RowTest = () => false
  #prescan: WordPrescan | null = null
  #buffer = new Uint8Array(0)

  constructor(control: ScanControl) {
    this.#control = control
  }

  /** @returns what to answer; nothing but a `scan` is answered. */
  handle(request: ScanRequest): ScanReply | null {
    const { generation } = request
    if (request.kind === 'begin') {
      this.#generation = generation
      this.#test = compileCondition(request.condition, this.#control)
      this.#prescan = prescanOf(request.condition.expressions)
      return null
    }
    if (generation !== this.#generation || this.#control.generation !== generation)
      return { generation, matches: new Uint32Array(0), failure: null }
    try {
      return { generation, matches: this.#scan(request), failure: null }
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      return { generation, matches: new Uint32Array(0), failure }
    } finally {
      this.#control.leave()
    }
  }

  #scan(request: Extract<ScanRequest, { kind: 'scan' }>): Uint32Array<ArrayBuffer> {
    const { generation, firstId, endId, source } = request
    const bytes = 'bytes' in source ? source.bytes : this.#read(source)
    const control = this.#control
    const test = this.#test
    const count = endId - firstId
    const matches = new Uint32Array(count)
    let found = 0
    let tested = 0
    const visit = (row: RecordedRow): boolean => {
      if (row.id >= endId) return false
      if (tested % rowsBetweenLooks === 0 && control.generation !== generation) return false
      tested += 1
      const place = row.id - firstId
      control.enterRow(place)
      if (test(row)) {
        matches[found] = place
        found += 1
      }
      return true
    }
    const read = this.#prescan
      ? this.#prescan.readCandidates(bytes, firstId, visit)
      : readRows(bytes, firstId, visit)
    if (read < endId && control.generation === generation)
      throw new Error(`Only ${read - firstId} of ${count} rows are whole.`)
    return matches.slice(0, found)
  }

  #read({ path, start, end }: { path: string; start: number; end: number }): Uint8Array {
    const length = end - start
    const kept = this.#buffer.length >= length ? this.#buffer : new Uint8Array(length)
    if (length <= keptBytes) this.#buffer = kept
    const file = openSync(path, 'r')
    try {
      let filled = 0
      while (filled < length) {
        const count = readSync(file, kept, filled, length - filled, start + filled)
        if (count === 0) throw new Error('The file is shorter than it was.')
        filled += count
      }
    } finally {
      closeSync(file)
    }
    return kept.subarray(0, length)
  }
}

/** Cheap parts come first; the payload is only looked at when all of them hold. */
function compileCondition(condition: ScanCondition, control: ScanControl): RowTest {
  const { expressions, session, now, today, timeZone } = condition
  const kinds = new Set<string>(condition.kinds)
  // Events follow the kinds and never the directions.
  const shown = new Set<string>(condition.directions).add('none')
  let terms = 0
  const filters = expressions.map((node) => {
    const before = terms
    terms += termSources(node).length
    return compileFilter(node, {
      now: () => now,
      dayOf: () => dayOfTime(today, timeZone),
      ...(timeZone !== undefined && { timeZone }),
      onTerm: (index) => control.enterTerm(before + index),
    })
  })
  return (row) => {
    if (!kinds.has(row.kind) || !shown.has(row.direction)) return false
    if (session !== null && row.session !== session) return false
    for (const filter of filters) if (!filter.test(row)) return false
    return true
  }
}
