import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { directions, fates, rowKinds, type Fate, type RowKind } from '@shared/model/frame'
import type { NewRow } from './frame-log'
import { MemoryFrameLog } from './memory-frame-log'

const utf8 = new TextEncoder()

function newRow(row: Partial<NewRow> = {}): NewRow {
  return {
    session: 1,
    time: 1_700_000_000_000.125,
    direction: 'in',
    kind: 'text',
    payload: utf8.encode('hello'),
    wireSize: 7,
    fragments: 1,
    header: 0x8105,
    fate: null,
    rtt: null,
    broken: null,
    ...row,
  }
}

describe('MemoryFrameLog', () => {
  it('gives back what was appended', () => {
    const log = new MemoryFrameLog('log')
    const session = log.openSession('127.0.0.1:8765')
    const id = log.append(newRow({ session }))
    expect(log.row(id)).toEqual({
      id: 0,
      session: 1,
      time: 1_700_000_000_000.125,
      direction: 'in',
      kind: 'text',
      size: 5,
      wireSize: 7,
      fragments: 1,
      compressed: false,
      fate: null,
      preview: 'hello',
      previewCut: false,
      closeCode: null,
      rtt: null,
      broken: null,
    })
    expect(log.payload(id)).toEqual(utf8.encode('hello'))
    expect(log.peer(session)).toBe('127.0.0.1:8765')
  })

  it('copies the payload, in and out', () => {
    const log = new MemoryFrameLog('log')
    const payload = utf8.encode('hello')
    const id = log.append(newRow({ payload }))
    payload.fill(0)
    log.payload(id)?.fill(0)
    expect(log.payload(id)).toEqual(utf8.encode('hello'))
  })

  it('reads parts of a payload', () => {
    const log = new MemoryFrameLog('log')
    const id = log.append(newRow())
    expect(log.payload(id, 1, 3)).toEqual(utf8.encode('ell'))
    expect(log.payload(id, 4, 100)).toEqual(utf8.encode('o'))
    expect(log.payload(id, 5, 1)).toEqual(new Uint8Array(0))
    expect(log.payload(id, 100)).toEqual(new Uint8Array(0))
  })

  it('knows nothing of rows that do not exist', () => {
    const log = new MemoryFrameLog('log')
    log.append(newRow())
    for (const id of [-1, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(log.row(id)).toBeUndefined()
      expect(log.header(id)).toBeUndefined()
      expect(log.payload(id)).toBeUndefined()
      expect(log.test(id, () => true)).toBe(false)
    }
    expect(log.peer(7)).toBe('')
  })

  it('corrects the peer of a session', () => {
    const log = new MemoryFrameLog('log')
    const session = log.openSession('')
    log.setPeer(session, '[::1]:9')
    log.setPeer(99, 'nobody')
    expect(log.peer(session)).toBe('[::1]:9')
    expect(log.peer(99)).toBe('')
  })

  it('changes the fate of a row and nothing else of it', () => {
    const log = new MemoryFrameLog('log')
    const id = log.append(newRow({ direction: 'out', fate: 'queued' }))
    const before = log.row(id)
    log.setFate(id, 'failed')
    expect(log.row(id)).toEqual({ ...before, fate: 'failed' })
    log.setFate(id, 'written')
    expect(log.row(id)).toEqual({ ...before, fate: 'written' })
  })

  it('tells listeners of every change, and whose fate it was', () => {
    const log = new MemoryFrameLog('log')
    const listener = vi.fn()
    const stop = log.onChange(listener)
    const id = log.append(newRow({ fate: 'queued' }))
    log.setFate(id, 'written')
    log.setFate(17, 'written')
    expect(listener.mock.calls).toEqual([[undefined], [id]])
    stop()
    log.append(newRow())
    expect(listener).toHaveBeenCalledTimes(2)
  })

  it('reads the header of a frame', () => {
    const log = new MemoryFrameLog('log')
    const masked = log.append(newRow({ header: 0x81fe, wireSize: 8 + 300 }))
    expect(log.header(masked)).toEqual({
      fin: true,
      rsv1: false,
      rsv2: false,
      rsv3: false,
      opcode: 1,
      masked: true,
      payloadLength: 300,
    })
    const first = log.append(
      newRow({ header: 0x427e, fragments: 3, wireSize: 1000, firstFrameLength: 400 }),
    )
    expect(log.header(first)).toMatchObject({
      fin: false,
      rsv1: true,
      opcode: 2,
      payloadLength: 400,
    })
    const long = log.append(newRow({ header: 0x817f, wireSize: 70_010 }))
    expect(log.header(long)?.payloadLength).toBe(70_000)
    const event = log.append(newRow({ kind: 'note', direction: 'none', header: 0, fragments: 0 }))
    expect(log.header(event)).toBeUndefined()
  })

  it('marks messages with RSV1 as compressed', () => {
    const log = new MemoryFrameLog('log')
    expect(log.row(log.append(newRow({ header: 0xc105 })))?.compressed).toBe(true)
    expect(log.row(log.append(newRow({ header: 0xc905, kind: 'ping' })))?.compressed).toBe(false)
  })

  it('costs an idle connection little', () => {
    const log = new MemoryFrameLog('log')
    log.append(newRow({ kind: 'open', direction: 'none' }))
    expect(log.bytes).toBeLessThan(8 * 1024)
  })

  it('stays within its budget, whatever the sizes, and counts what it evicts', () => {
    const budget = 1024 * 1024
    const log = new MemoryFrameLog('log', budget)
    for (let count = 0; count < 30_000; count += 1) {
      log.append(newRow({ payload: new Uint8Array((count * 37) % 900) }))
      expect(log.bytes).toBeLessThanOrEqual(budget)
    }
    expect(log.total).toBe(30_000)
    expect(log.firstId).toBeGreaterThan(20_000)
    expect(log.row(log.firstId - 1)).toBeUndefined()
    expect(log.row(log.firstId)?.id).toBe(log.firstId)
    // Most of the budget is used before anything goes.
    expect(log.bytes).toBeGreaterThan(budget * 0.8)
  })

  it('keeps a payload beyond the budget until the next row', () => {
    const log = new MemoryFrameLog('log', 1024 * 1024)
    log.append(newRow())
    const huge = log.append(newRow({ payload: new Uint8Array(3 * 1024 * 1024).fill(7) }))
    expect(log.firstId).toBe(huge)
    expect(log.payload(huge, 3 * 1024 * 1024 - 1)).toEqual(Uint8Array.of(7))
    const next = log.append(newRow())
    expect(log.firstId).toBe(next)
    expect(log.bytes).toBeLessThan(1024 * 1024)
  })

  it('evicts when the budget shrinks, the rows being written with the next one', () => {
    const log = new MemoryFrameLog('log')
    for (let count = 0; count < 20_000; count += 1) log.append(newRow())
    const listener = vi.fn()
    log.onChange(listener)
    log.budget = 64 * 1024
    expect(log.firstId).toBeGreaterThan(0)
    expect(listener).toHaveBeenCalledTimes(1)
    const next = log.append(newRow())
    expect(log.bytes).toBeLessThanOrEqual(64 * 1024)
    expect(log.row(next)?.preview).toBe('hello')
  })

  it('does not keep what comes after it was let go', () => {
    const log = new MemoryFrameLog('log')
    log.append(newRow())
    log.dispose()
    expect(log.append(newRow())).toBe(1)
    expect(log.bytes).toBe(0)
    expect(log.firstId).toBe(2)
  })

  it('agrees with a list of all rows at every moment', () => {
    const row = fc.record({
      session: fc.integer({ min: 1, max: 3 }),
      time: fc.double({ min: 0, max: 4e12, noNaN: true }),
      direction: fc.constantFrom(...directions),
      kind: fc.constantFrom(...rowKinds),
      payload: fc.oneof(
        { weight: 8, arbitrary: fc.uint8Array({ maxLength: 40 }) },
        { weight: 2, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((n) => new Uint8Array(n)) },
      ),
      wireSize: fc.maxSafeNat(),
      fragments: fc.nat(9),
      header: fc.integer({ min: 0, max: 0xffff }),
      fate: fc.constantFrom(null, ...fates),
      rtt: fc.option(fc.double({ noNaN: true }), { nil: null }),
      broken: fc.option(fc.record({ rule: fc.string(), section: fc.string() }), { nil: null }),
    })
    const step = fc.oneof(
      { weight: 9, arbitrary: row.map((value) => ({ append: value })) },
      {
        weight: 2,
        arbitrary: fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), fate: fate() }),
      },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const log = new MemoryFrameLog('log', 48 * 1024)
        const model: (NewRow & { fate: Fate | null })[] = []
        for (const item of steps) {
          if ('append' in item) {
            expect(log.append(item.append)).toBe(model.length)
            model.push({ ...item.append })
          } else {
            const id = Math.floor(item.at * model.length)
            const target = model[id]
            if (target) target.fate = item.fate
            log.setFate(id, item.fate)
          }
        }
        expect(log.total).toBe(model.length)
        model.forEach((expected, id) => {
          const actual = log.row(id)
          if (id < log.firstId) {
            expect(actual).toBeUndefined()
            return
          }
          const { payload, header, ...rest } = expected
          expect(actual).toMatchObject({ id, ...rest, size: payload.byteLength })
          expect(log.payload(id)).toEqual(payload)
          expect((log.header(id)?.opcode ?? 0) === ((header >> 8) & 15)).toBe(true)
          const seen: { kind: RowKind; payload: Uint8Array }[] = []
          log.test(id, (tested) => {
            seen.push({ kind: tested.kind, payload: tested.payload.slice() })
            return true
          })
          expect(seen).toEqual([{ kind: expected.kind, payload }])
        })
      }),
    )
  })
})

function fate() {
  return fc.constantFrom(...fates)
}
