import fc from 'fast-check'
import { fates, type Frame } from '../../src/shared/model/frame'
import type { NewRow } from '../../src/main/engine/frame-log/frame-log'
import { headerBytes } from '../../src/main/engine/wire/frame-header'
import { headsOf, ListedRows, newRow } from './listed-rows'

const utf8 = new TextEncoder()
const start = 1_795_000_000_000

/** Whole microseconds after a start, as times are kept. */
const time = fc.integer({ min: 0, max: 4e9 }).map((us) => Math.round(start * 1000 + us) / 1000)

const payload = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => utf8.encode(text)),
  fc.uint8Array({ maxLength: 40 }),
  fc.json({ maxDepth: 2 }).map((text) => utf8.encode(text)),
)

const message = fc.record({
  direction: fc.constantFrom('in', 'out'),
  kind: fc.constantFrom('text', 'binary', 'ping', 'pong', 'close'),
  payload,
  time,
})

const broken = fc.record({
  rule: fc.string({ maxLength: 20 }),
  section: fc.string({ maxLength: 9 }),
})

/** A message in one frame, perhaps compressed, broken, or never sent. */
const single: fc.Arbitrary<NewRow> = fc
  .record({
    part: message,
    fate: fc.constantFrom(...fates),
    rtt: fc.option(fc.integer({ min: 0, max: 1e6 }).map((us) => us / 1000)),
    fault: fc.option(fc.record({ broken, withRaw: fc.boolean() }), { freq: 5 }),
    shape: fc.constantFrom('plain', 'plain', 'plain', 'compressed', 'unsent'),
  })
  .map(({ part, fate, rtt, fault, shape }) => {
    const isOut = part.direction === 'out'
    const row: NewRow = {
      ...newRow({ ...part, fate: isOut ? fate : null, rtt: part.kind === 'pong' ? rtt : null }),
      broken: fault?.broken ?? null,
    }
    const head = headerBytes(row.header, row.payload.byteLength, row.maskingKey)
    if (fault?.withRaw) return { ...row, raw: Uint8Array.from([...head, 1, 2, 3]) }
    if (shape === 'unsent' && isOut)
      return {
        ...row,
        fate: 'failed',
        wireSize: 0,
        fragments: 0,
        header: 0,
        maskingKey: 0,
        raw: null,
      }
    if (shape !== 'compressed' || row.kind === 'ping') return row
    return { ...row, header: (row.header & 0xff80) | 0x4000 | 9, wireSize: isOut ? 15 : 11 }
  })

/** A message in several frames, unmasked or masked with keys of their own. */
const fragmented: fc.Arbitrary<NewRow> = fc
  .record({
    part: message.map(
      (part) => ({ ...part, kind: part.kind === 'text' ? 'text' : 'binary' }) as const,
    ),
    lengths: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 2, maxLength: 4 }),
    key: fc.integer({ min: 1, max: 0xffff_ffff }),
  })
  .map(({ part, lengths, key }) => {
    const masked = part.direction === 'out'
    const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0)).fill(0x61)
    const frames = lengths.map((length, index): Frame => {
      const fin = index === lengths.length - 1 ? 0x80 : 0
      const opcode = index > 0 ? 0 : part.kind === 'text' ? 1 : 2
      const head = [fin | opcode, length | (masked ? 0x80 : 0)]
      const mask = masked ? [key >>> 24, (key >>> 16) & 255, (key >>> 8) & 255, key & 255] : []
      return { header: Uint8Array.from([...head, ...mask]), payloadLength: length, time: part.time }
    })
    const wireSize = frames.reduce(
      (sum, frame) => sum + frame.header.length + frame.payloadLength,
      0,
    )
    const [first] = frames
    const header = ((first?.header[0] ?? 0) << 8) | (first?.header[1] ?? 0)
    return {
      ...newRow({ ...part, payload: bytes }),
      ...{ frames, fragments: frames.length, wireSize, header, maskingKey: masked ? key : 0 },
    }
  })

const event: fc.Arbitrary<NewRow> = fc
  .record({ kind: fc.constantFrom('error', 'note'), payload: fc.string({ maxLength: 20 }), time })
  .map((part) => newRow({ ...part, direction: 'none' }))

const anyRow = fc.oneof({ weight: 4, arbitrary: single }, fragmented, event)

/** A log of a few sessions, each with its handshake, and rows of every kind in the order of time. */
export const anyLog: fc.Arbitrary<ListedRows> = fc
  .array(
    fc.record({
      row: anyRow,
      session: fc.integer({ min: 1, max: 3 }),
      note: fc.option(fc.string({ maxLength: 9 }), { freq: 9 }),
    }),
    { maxLength: 12 },
  )
  .map((items) => {
    const log = new ListedRows()
    for (const item of items.toSorted((a, b) => a.row.time - b.row.time)) {
      const { row, session, note } = item
      if (!log.sessions.has(session)) {
        log.open({
          number: session,
          url: `ws://example.org:8080/${session}`,
          local: '10.0.0.1:5000',
        })
        log.add(
          newRow({
            session,
            kind: 'open',
            direction: 'none',
            payload: headsOf({ target: `/${session}` }),
            time: start,
          }),
        )
      }
      log.add({ ...row, session }, note)
    }
    return log
  })
