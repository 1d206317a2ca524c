import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frame, type FrameParts } from '../../../../test/servers/bare'
import { headerBits } from './frame-header'
import { FrameParser } from './frame-parser'
import { MessageAssembler, rawOf, startOfPayload, type WireMessage } from './wire-message'

type Mask = [number, number, number, number]

/** One message or control frame, and the frames it is sent in. */
interface Sent {
  readonly parts: readonly FrameParts[]
}

/** A frame within the bytes of a conversation. */
interface Place {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
  readonly payload: Buffer
  readonly mask: Mask | undefined
}

const mask = fc.oneof(
  fc.constant<Mask>([0, 0, 0, 0]),
  fc.constant<Mask>([0, 7, 0, 9]),
  fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
)

const dataMessage = fc
  .record({
    opcode: fc.constantFrom(1, 2),
    rsv1: fc.boolean(),
    pieces: fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 4 }),
    lengthBytes: fc.constantFrom(undefined, undefined, 8 as const),
    pingAfter: fc.nat(6),
  })
  .map(({ opcode, rsv1, pieces, lengthBytes, pingAfter }): Sent => {
    const parts = pieces.map((payload, index): FrameParts => {
      const isFirst = index === 0
      const fin = index === pieces.length - 1
      const long = lengthBytes === undefined ? {} : { lengthBytes }
      return { opcode: isFirst ? opcode : 0, rsv1: isFirst && rsv1, fin, payload, ...long }
    })
    if (pingAfter < parts.length - 1)
      parts.splice(pingAfter + 1, 0, { opcode: 9, payload: 'between fragments' })
    return { parts }
  })

const controlFrame = fc
  .record({ opcode: fc.constantFrom(9, 10), payload: fc.uint8Array({ maxLength: 125 }) })
  .map((parts): Sent => ({ parts: [parts] }))

/** A long frame, so that its first 4 KiB are not all of it. */
const longMessage = fc
  .integer({ min: 4000, max: 6000 })
  .map((size): Sent => ({ parts: [{ opcode: 2, payload: Buffer.alloc(size, 'long') }] }))

const conversation = fc.record({
  sent: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: dataMessage },
      { weight: 3, arbitrary: controlFrame },
      { weight: 1, arbitrary: longMessage },
    ),
    { minLength: 1, maxLength: 6 },
  ),
  masks: fc.option(fc.array(mask, { minLength: 3, maxLength: 3 }), { nil: undefined }),
  cuts: fc.array(fc.nat(4000), { maxLength: 12 }),
})

function placesOf(sent: readonly Sent[], masks: readonly Mask[] | undefined): Place[] {
  let start = 0
  return sent
    .flatMap(({ parts }) => parts)
    .map((part, index) => {
      const key = masks?.[index % masks.length]
      const bytes = frame(key ? { ...part, mask: key } : part)
      const payload = Buffer.from(part.payload ?? '')
      const place = { bytes, start, end: start + bytes.length, payload, mask: key }
      start = place.end
      return place
    })
}

/** Reads the chunks as the tap does, and afterwards takes off masks in them as `ws` does. */
function read(bytes: Buffer, places: readonly Place[], ends: readonly number[], masked: boolean) {
  const messages: WireMessage[] = []
  const assembler = new MessageAssembler()
  const parser = new FrameParser(
    { sender: masked ? 'client' : 'server', deflate: true, keepStarts: true },
    (parsed) => {
      const message = assembler.add(parsed)
      if (message) messages.push(message)
    },
  )
  let from = 0
  ends.forEach((end, index) => {
    const chunk = Buffer.from(bytes.subarray(from, end))
    parser.feed(chunk, index)
    for (const { end: frameEnd, payload, mask: key } of places) {
      const payloadStart = frameEnd - payload.length
      if (!key || payloadStart < from || frameEnd > end) continue
      for (let at = payloadStart; at < frameEnd; at++)
        chunk[at - from] = (chunk[at - from] as number) ^ (key[(at - payloadStart) % 4] as number)
    }
    from = end
  })
  const unfinished = assembler.unfinished(parser.partial, ends.length)
  return { messages: unfinished ? [...messages, unfinished] : messages }
}

function framesOf({ frames }: WireMessage) {
  return frames && [...frames]
}

/** What a row is made of, except for times, which depend on the chunks. */
function facts(message: WireMessage) {
  const { header, wireSize, fragments, broken, fatal, payload, maskingKey } = message
  return {
    header,
    wireSize,
    fragments,
    broken,
    fatal,
    maskingKey,
    payload: payload?.toString('hex'),
    frames: framesOf(message)?.map((item) => ({
      header: Buffer.from(item.header).toString('hex'),
      payloadLength: item.payloadLength,
    })),
    raw: payload ? null : Buffer.from(rawOf(message, null) ?? []).toString('hex'),
    start: payload ? null : startOfPayload(message).toString('hex'),
  }
}

const endsOf = (size: number, cuts: readonly number[]) => [
  ...[...new Set(cuts.map((cut) => cut % size))].sort((a, b) => a - b),
  size,
]

describe('messages put together from the wire', () => {
  it('are the same for every split, before and after their masks are taken off', () => {
    fc.assert(
      fc.property(conversation, ({ sent, masks, cuts }) => {
        const places = placesOf(sent, masks)
        const bytes = Buffer.concat(places.map((place) => place.bytes))
        const readIn = (ends: readonly number[]) =>
          read(bytes, places, ends, masks !== undefined).messages.map(facts)
        const whole = readIn([bytes.length])
        expect(readIn(endsOf(bytes.length, cuts))).toEqual(whole)
        expect(readIn(Array.from(bytes, (_byte, index) => index + 1))).toEqual(whole)
      }),
      { numRuns: 150 },
    )
  })

  it('have every frame byte for byte, and the first 4 KiB as they were on the wire', () => {
    fc.assert(
      fc.property(conversation, ({ sent, masks, cuts }) => {
        const places = placesOf(sent, masks)
        const bytes = Buffer.concat(places.map((place) => place.bytes))
        const ends = endsOf(bytes.length, cuts)
        const { messages } = read(bytes, places, ends, masks !== undefined)
        expect(messages.reduce((sum, { wireSize }) => sum + wireSize, 0)).toBe(bytes.length)
        const control = places.filter(({ bytes: [first = 0] }) => (first & 0x08) !== 0)
        const data = places.filter((place) => !control.includes(place))
        for (const message of messages) {
          const count = message.payload ? 1 : message.fragments
          const own = (message.payload ? control : data).splice(0, count)
          const [first] = own
          if (!first) throw new Error('more frames than were sent')
          expect(message.header).toBe(first.bytes.readUInt16BE(0))
          expect(message.time).toBe(chunkOf(ends, own.at(-1)?.end ?? 0))
          if (message.payload) expect(message.payload).toEqual(first.payload)
          else {
            const wire = Buffer.concat(own.map((place) => place.bytes)).subarray(0, 4096)
            expect(rawOf(message, null)).toEqual(wire)
            const start = startOfPayload(message)
            expect(start).toEqual(payloadOf(own).subarray(0, start.length))
            const heads = own.reduce(
              (sum, place) => sum + place.bytes.length - place.payload.length,
              0,
            )
            const least = Math.min(payloadOf(own).length, 4096 - heads)
            expect(start.length).toBeGreaterThanOrEqual(least)
          }
          if (count === 1) {
            expect(message.frames).toBeNull()
            continue
          }
          expect(framesOf(message)?.map(({ header }) => Buffer.from(header))).toEqual(
            own.map((place) => place.bytes.subarray(0, place.bytes.length - place.payload.length)),
          )
          expect(framesOf(message)?.map(({ time }) => time)).toEqual(
            own.map(({ end }) => chunkOf(ends, end)),
          )
          const joined = Buffer.concat(own.map(({ bytes: wire }) => wire)).subarray(0, 4096)
          const isPlain = (message.header & headerBits.rsv1) === 0
          const isMinimal = message.broken === null
          if (isPlain && isMinimal)
            expect(Buffer.from(rawOf(message, payloadOf(own)) ?? [])).toEqual(joined)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('that are cut off have what came of them', () => {
    fc.assert(
      fc.property(conversation, fc.nat(4000), ({ sent, masks, cuts }, cut) => {
        const places = placesOf(sent, masks)
        const all = Buffer.concat(places.map((place) => place.bytes))
        const bytes = all.subarray(0, 1 + (cut % all.length))
        const readIn = (ends: readonly number[]) =>
          read(bytes, places, ends, masks !== undefined).messages
        const whole = readIn([bytes.length])
        const total = whole.reduce((sum, { wireSize }) => sum + wireSize, 0)
        // Between a message's fragments a single byte, or the start of a control frame, is nobody's.
        expect(bytes.length - total).toBeGreaterThanOrEqual(0)
        expect(readIn(endsOf(bytes.length, cuts)).map(facts)).toEqual(whole.map(facts))
      }),
      { numRuns: 100 },
    )
  })

  it('keep the first 65,536 of their frames', () => {
    const pieces = Array.from({ length: 66_000 }, (_unused, index) =>
      frame({ opcode: index === 0 ? 1 : 0, fin: index === 65_999, payload: 'x' }),
    )
    const bytes = Buffer.concat(pieces)
    const { messages } = read(bytes, [], [bytes.length], false)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatchObject({ fragments: 66_000, wireSize: 198_000 })
    expect(messages[0]?.frames).toHaveLength(65_536)
  })
})

/** Which chunk the last byte before `end` is in. */
function chunkOf(ends: readonly number[], end: number): number {
  return ends.findIndex((chunkEnd) => chunkEnd >= end)
}

function payloadOf(places: readonly Place[]): Buffer {
  return Buffer.concat(places.map(({ payload }) => payload))
}
