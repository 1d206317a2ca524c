import { faultWords, type Fault, type FaultKind } from '@shared/model/server-fault'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame } from '../../../../test/servers'
import { faultOf } from '../../../../test/servers/faulty'
import { FrameParser } from '../wire/frame-parser'
import type { LineWire } from '../wire/wire-line'
import { MessageAssembler } from '../wire/wire-message'
import { FaultLine } from './fault-line'

interface Message {
  readonly opcode: 1 | 2
  readonly payload: Uint8Array
}

const messages = fc.array(
  fc.record<Message>({
    opcode: fc.constantFrom(1, 2),
    payload: fc.oneof(
      { weight: 9, arbitrary: fc.uint8Array({ maxLength: 200 }) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 65_530, max: 65_540 }).map((size) => new Uint8Array(size)),
      },
    ),
  }),
  { maxLength: 12 },
)

const framed = (sent: readonly Message[]) => Buffer.concat(sent.map((each) => frame(each)))

/** A line whose wire writes at once; with what came out of it, and its notes. */
function lineFor(faults: readonly Fault[], seed = 1) {
  const out: Buffer[] = []
  const notes: string[] = []
  const sources: unknown[] = []
  let given = 0
  let called = 0
  const wire: LineWire = {
    whenPassed: (callback) => callback(),
    write(pieces, callback) {
      for (const { bytes, of, isLast } of pieces) {
        out.push(bytes)
        if (isLast) sources.push(of.source)
      }
      callback()
    },
    terminate: () => undefined,
    stopReading: () => undefined,
    read: () => undefined,
    withhold: () => ({ payload: Buffer.from(`${given++}`) }),
    drop: () => undefined,
  }
  const line = new FaultLine({ seed, client: 0, note: (text) => notes.push(text) })
  line.connect(wire)
  line.set(faults)
  return {
    line,
    notes,
    sources,
    out: () => Buffer.concat(out),
    write(chunk: Buffer) {
      line.write(chunk, () => (called += 1))
    },
    called: () => called,
  }
}

/** Cuts bytes at random places. */
function chunks(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
}

/** What a correct client makes of the bytes; fails where they break a rule. */
function delivered(bytes: Buffer): { readonly opcode: number; readonly size: number }[] {
  const assembler = new MessageAssembler()
  const all: { readonly opcode: number; readonly size: number }[] = []
  let size = 0
  const parser = new FrameParser(
    { sender: 'server', deflate: false, keepStarts: false },
    (each) => {
      expect(each.broken).toBeNull()
      size += each.payloadLength
      const message = assembler.add(each)
      if (!message) return
      all.push({ opcode: message.opcode, size })
      size = 0
    },
  )
  parser.feed(bytes, 0)
  expect(parser.partial).toBeNull()
  return all
}

/** Of every kind one, which could strike each message. */
const neverStriking = (Object.keys(faultWords) as FaultKind[]).map((kind) => {
  const moment = { at: 'sending', bytes: 3, copies: 1, fragments: 2, messages: 2, distance: 1 }
  return { ...faultOf(kind, { probability: 0 }), ...moment, code: 1000, reason: '' } as Fault
})

describe('FaultLine', () => {
  it('changes no byte while no fault strikes, whatever the chunks', () => {
    fc.assert(
      fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (sent, cuts) => {
        const { line, out, write, notes, called } = lineFor(neverStriking)
        const bytes = framed(sent)
        const parts = chunks(bytes, cuts)
        for (const part of parts) write(part)
        expect(out().equals(bytes)).toBe(true)
        expect(notes).toEqual([])
        expect(called()).toBe(parts.length)
        expect(line.held).toBe(0)
      }),
    )
  })

  it('keeps what goes out parseable when messages are dropped, doubled, split and merged', () => {
    const chance = { probability: 0.5 }
    const faults = [
      faultOf('drop', chance),
      faultOf('duplicate', { ...chance, copies: 2 }),
      faultOf('merge', { ...chance, messages: 2 }),
      faultOf('split', { ...chance, fragments: 3 }),
    ]
    fc.assert(
      fc.property(messages, fc.nat(), (sent, seed) => {
        const { line, out, write, called } = lineFor(faults, seed)
        for (const each of sent) write(frame(each))
        line.set([])
        const opcodes = new Set(sent.map(({ opcode }) => opcode))
        for (const { opcode } of delivered(out())) expect(opcodes.has(opcode as 1 | 2)).toBe(true)
        expect(called()).toBe(sent.length)
        expect(line.held).toBe(0)
        expect(line.isActive).toBe(false)
      }),
    )
  })

  it('splits messages without changing what a client reads', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 2, max: 20 }), (sent, fragments) => {
        const { out, write } = lineFor([faultOf('split', { fragments })])
        for (const each of sent) write(frame(each))
        expect(delivered(out())).toEqual(
          sent.map(({ opcode, payload }) => ({ opcode, size: payload.length })),
        )
      }),
    )
  })

  it('has the same run with the same seed, and another with another', () => {
    const run = (seed: number) => {
      const { out, write, notes } = lineFor(
        [
          faultOf('drop', { probability: 0.3 }),
          faultOf('corrupt', { probability: 0.5, bytes: 2 }),
          faultOf('masked', { probability: 0.2, at: 'sending' }),
        ],
        seed,
      )
      for (let index = 0; index < 50; index += 1)
        write(frame({ opcode: 2, payload: Buffer.alloc(20, index) }))
      return { bytes: out(), notes }
    }
    expect(run(7)).toEqual(run(7))
    expect(run(8).bytes.equals(run(7).bytes)).toBe(false)
  })

  it('gives faults random numbers of their own', () => {
    const drops = (faults: readonly Fault[]) => {
      const { write, notes } = lineFor(faults)
      for (let index = 0; index < 50; index += 1) write(frame({ opcode: 1, payload: `${index}` }))
      return notes.filter((note) => note.startsWith('Fault: Drop'))
    }
    const drop = faultOf('drop', { probability: 0.5 })
    expect(drops([drop, faultOf('corrupt', { probability: 0.5, bytes: 1 })])).toEqual(drops([drop]))
  })

  it('puts fragments together for faults of messages only', () => {
    const parts = [
      frame({ opcode: 1, fin: false, payload: 'ab' }),
      frame({ opcode: 9, payload: 'p' }),
      frame({ opcode: 0, payload: 'cd' }),
    ] as const
    const slow = lineFor([
      faultOf('bandwidth', { bytesPerSecond: 1_000_000_000, direction: 'out' }),
    ])
    slow.write(parts[0])
    expect(slow.out()).toEqual(parts[0])

    const whole = lineFor([faultOf('truncate', { bytes: 3 })])
    whole.write(parts[0])
    expect(whole.out().length).toBe(0)
    whole.write(parts[1])
    whole.write(parts[2])
    expect(whole.out()).toEqual(
      Buffer.concat([parts[1], parts[0], frame({ opcode: 0, payload: 'c' })]),
    )
    whole.write(parts[0])
    whole.line.set([])
    expect(whole.out().subarray(-parts[0].length)).toEqual(parts[0])
    expect(whole.line.isActive).toBe(true)
    whole.write(parts[2])
    expect(whole.line.isActive).toBe(false)
    expect(whole.sources).toEqual([
      null,
      { payload: Buffer.from('0') },
      { payload: Buffer.from('1') },
      { payload: Buffer.from('1') },
    ])
  })
})
