import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closePayload, frame, type FrameParts } from '../../../../test/servers/bare'
import { FrameParser, type FrameParserOptions } from './frame-parser'
import type { WireFrame } from './wire-frame'

const fromServer: FrameParserOptions = { sender: 'server', deflate: false, keepStarts: true }
const fromClient: FrameParserOptions = { sender: 'client', deflate: false, keepStarts: true }
const deflate: FrameParserOptions = { sender: 'server', deflate: true, keepStarts: true }
const key = [0x12, 0x34, 0x56, 0x78] as const

function parse(chunks: readonly Buffer[], options = fromServer) {
  const frames: WireFrame[] = []
  const parser = new FrameParser(options, (parsed) => frames.push({ ...parsed }))
  chunks.forEach((chunk, index) => parser.feed(chunk, index))
  parser.finish()
  return { frames, parser }
}

describe('FrameParser reads every field of the header (RFC 6455 section 5.2)', () => {
  const table: [string, FrameParts, FrameParserOptions, Partial<WireFrame>][] = [
    ['text', { opcode: 1, payload: 'hi' }, fromServer, { header: 0x8102, headerLength: 2 }],
    ['binary', { opcode: 2, payload: 'hi' }, fromServer, { header: 0x8202, payloadLength: 2 }],
    ['an empty one', { opcode: 1 }, fromServer, { header: 0x8100, payloadLength: 0 }],
    ['a first fragment', { opcode: 1, fin: false }, fromServer, { header: 0x0100 }],
    [
      'the longest 7-bit length',
      { opcode: 2, payload: Buffer.alloc(125) },
      fromServer,
      { headerLength: 2, payloadLength: 125 },
    ],
    [
      'the shortest 16-bit length',
      { opcode: 2, payload: Buffer.alloc(126) },
      fromServer,
      { headerLength: 4, payloadLength: 126, broken: null },
    ],
    [
      'the longest 16-bit length',
      { opcode: 2, payload: Buffer.alloc(65_535) },
      fromServer,
      { headerLength: 4, payloadLength: 65_535 },
    ],
    [
      'the shortest 64-bit length',
      { opcode: 2, payload: Buffer.alloc(65_536) },
      fromServer,
      { headerLength: 10, payloadLength: 65_536, broken: null },
    ],
    [
      'a masking key',
      { opcode: 1, payload: 'hi', mask: key },
      fromClient,
      { header: 0x8182, headerLength: 6, maskingKey: 0x12345678 },
    ],
    [
      'RSV1 of a compressed message',
      { opcode: 1, rsv1: true, payload: 'x' },
      { sender: 'server', deflate: true, keepStarts: true },
      { header: 0xc101, broken: null },
    ],
    ['a ping', { opcode: 9, payload: 'p' }, fromServer, { payload: Buffer.from('p') }],
    [
      'a masked pong',
      { opcode: 10, payload: 'pong!', mask: key },
      fromClient,
      { payload: Buffer.from('pong!') },
    ],
    ['an empty close', { opcode: 8 }, fromServer, { payload: Buffer.alloc(0), broken: null }],
  ]
  it.each(table)('%s', (_name, parts, options, expected) => {
    const { frames } = parse([frame(parts)], options)
    expect(frames).toHaveLength(1)
    expect(frames[0]).toMatchObject(expected)
  })
})

describe('FrameParser names the broken rule', () => {
  const started = frame({ opcode: 1, fin: false, payload: 'a' })
  const reserved = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]
  const oversized = frame({ opcode: 9, payload: Buffer.alloc(126) })
  const topBit = Buffer.from([0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0])
  const table: [string, Buffer, FrameParserOptions, string, string, boolean][] = [
    ...reserved.map((opcode): [string, Buffer, FrameParserOptions, string, string, boolean] => [
      `opcode ${opcode}`,
      frame({ opcode }),
      fromServer,
      `Opcode ${opcode} is reserved`,
      'RFC 6455 section 5.2',
      true,
    ]),
    ['RSV1', frame({ opcode: 1, rsv1: true }), fromServer, 'RSV1', 'RFC 6455 section 5.2', true],
    ['RSV2', frame({ opcode: 1, rsv2: true }), deflate, 'RSV2', 'RFC 6455 section 5.2', true],
    ['RSV3', frame({ opcode: 1, rsv3: true }), deflate, 'RSV3', 'RFC 6455 section 5.2', true],
    [
      'RSV1 on a control frame',
      frame({ opcode: 9, rsv1: true }),
      deflate,
      'RSV1 may be set only',
      'RFC 7692 section 6',
      true,
    ],
    [
      'RSV1 on a continuation',
      Buffer.concat([started, frame({ opcode: 0, rsv1: true })]),
      deflate,
      'RSV1 may be set only',
      'RFC 7692 section 6',
      true,
    ],
    [
      'a masked server frame',
      frame({ opcode: 1, payload: 'x', mask: key }),
      fromServer,
      'A server must not mask',
      'RFC 6455 section 5.1',
      true,
    ],
    [
      'an unmasked client frame',
      frame({ opcode: 1, payload: 'x' }),
      fromClient,
      'A client must mask',
      'RFC 6455 section 5.1',
      true,
    ],
    [
      'a fragmented ping',
      frame({ opcode: 9, fin: false }),
      fromServer,
      'A control frame must not be fragmented',
      'RFC 6455 section 5.5',
      true,
    ],
    ['a long ping', oversized, fromServer, 'more than 125', 'RFC 6455 section 5.5', true],
    [
      'a stray continuation',
      frame({ opcode: 0 }),
      fromServer,
      'needs a started message',
      'RFC 6455 section 5.4',
      true,
    ],
    [
      'a message inside a message',
      Buffer.concat([started, frame({ opcode: 2 })]),
      fromServer,
      'A new message must not start',
      'RFC 6455 section 5.4',
      true,
    ],
    [
      'a 16-bit length that fits 7 bits',
      frame({ opcode: 1, payload: 'short', lengthBytes: 2 }),
      fromServer,
      'shortest form',
      'RFC 6455 section 5.2',
      false,
    ],
    [
      'a 64-bit length that fits 16 bits',
      frame({ opcode: 1, payload: Buffer.alloc(65_535, 'a'), lengthBytes: 8 }),
      fromServer,
      'shortest form',
      'RFC 6455 section 5.2',
      false,
    ],
    ['a set top bit', topBit, fromServer, 'The top bit', 'RFC 6455 section 5.2', true],
    [
      'more than 2^53 - 1 bytes',
      Buffer.from([0x82, 127, 0x00, 0x20, 0, 0, 0, 0, 0, 0]),
      fromServer,
      '2^53 - 1',
      'RFC 6455 section 7.4.1',
      true,
    ],
    [
      'a close payload of one byte',
      frame({ opcode: 8, payload: 'x' }),
      fromServer,
      'at least two bytes',
      'RFC 6455 section 5.5.1',
      true,
    ],
    [
      'a close reason that is not UTF-8',
      frame({ opcode: 8, payload: closePayload(1000, Buffer.from([0xff])) }),
      fromServer,
      'close reason must be valid UTF-8',
      'RFC 6455 section 5.5.1',
      false,
    ],
  ]
  it.each(table)('%s', (_name, bytes, options, rule, section, fatal) => {
    for (const chunks of [[bytes], [...bytes].map((byte) => Buffer.of(byte))]) {
      const { frames } = parse(chunks, options)
      const last = frames.at(-1)
      expect(last?.broken?.rule).toContain(rule)
      expect(last?.broken?.section).toBe(section)
      expect(last?.fatal).toBe(fatal)
    }
  })

  it('as soon as the first two bytes show it, and tells of it when no more is to come', () => {
    const frames: WireFrame[] = []
    const parser = new FrameParser(fromServer, (parsed) => frames.push({ ...parsed }))
    parser.feed(Buffer.from([0x83]), 0)
    expect(parser.isRejecting).toBe(false)
    parser.feed(Buffer.from([0x7f]), 1)
    expect(parser.isRejecting).toBe(true)
    expect(frames).toEqual([])
    parser.finish()
    expect(parser.isRejecting).toBe(false)
    expect(frames[0]).toMatchObject({ header: 0x837f, headerLength: 2, time: 1 })
    expect(frames[0]?.broken?.rule).toBe('Opcode 3 is reserved')
  })

  it('and keeps at most 4 KiB of the frame from its first header byte on', () => {
    const bytes = frame({ opcode: 3, payload: Buffer.alloc(10_000, 'z') })
    const { frames, parser } = parse([bytes.subarray(0, 1), bytes.subarray(1)])
    expect(frames[0]?.raw).toEqual(bytes.subarray(0, 4096))
    expect(parser.trailingBytes).toBe(bytes.length - 4096)
  })

  it('and tells of what follows, of which nothing was read', () => {
    const { frames, parser } = parse([
      frame({ opcode: 3, payload: 'abc' }),
      frame({ opcode: 1, payload: Buffer.alloc(5000, 'a') }),
      frame({ opcode: 9, payload: 'ping' }),
      frame({ opcode: 2, rsv2: true, payload: 'worse' }),
      frame({ opcode: 8, payload: closePayload(1000) }),
      frame({ opcode: 1, payload: 'cut off' }).subarray(0, 5),
      frame({ opcode: 1 }).subarray(0, 1),
    ])
    const told = frames.map(({ header, payloadLength, payload, broken, fatal, unread }) => [
      (header & 0x0f00) >> 8,
      payloadLength,
      payload?.length,
      broken?.rule.slice(0, 24) ?? '',
      fatal,
      unread,
    ])
    const unread = 'The connection ended or '
    expect(told).toEqual([
      [3, 3, 3, 'Opcode 3 is reserved', true, false],
      [1, 5000, 4092, unread, false, true],
      [9, 4, 4, '', false, true],
      [2, 5, 5, 'RSV1, RSV2 and RSV3 must', false, true],
      [8, 2, 2, '', false, true],
      [1, 4, 4, unread, false, true],
    ])
    expect(frames[1]?.raw).toEqual(
      frame({ opcode: 1, payload: Buffer.alloc(5000, 'a') }).subarray(0, 4096),
    )
    expect(frames[2]?.raw).toBeNull()
    expect(parser.trailingBytes).toBe(0)
  })

  it('but only of the first thousand that follow, and counts the bytes of the rest', () => {
    const { frames, parser } = parse([frame({ opcode: 3 }), Buffer.alloc(1_000_000)])
    expect(frames).toHaveLength(1000)
    expect(parser.trailingBytes).toBe(1_000_000 - 2 * 999)
  })
})

describe('what comes after a close frame (RFC 6455 section 5.5.1)', () => {
  it('is told of, and no message may', () => {
    const { frames, parser } = parse([
      frame({ opcode: 8, payload: closePayload(1000) }),
      frame({ opcode: 1, payload: 'too late' }),
      frame({ opcode: 10 }),
    ])
    expect(frames.map(({ unread }) => unread)).toEqual([false, true, true])
    expect(frames.map(({ broken }) => broken?.section)).toEqual([
      undefined,
      'RFC 6455 section 5.5.1',
      undefined,
    ])
    expect(frames[1]?.raw).toEqual(frame({ opcode: 1, payload: 'too late' }))
    expect(parser.trailingBytes).toBe(0)
  })
})

describe('close codes on the wire (RFC 6455 section 7.4)', () => {
  const allowed = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014]
  const ranges = [3000, 3999, 4000, 4999]
  const forbidden = [0, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65_535]
  it.each([...allowed, ...ranges])('%i is allowed', (code) => {
    const { frames } = parse([frame({ opcode: 8, payload: closePayload(code, 'why') })])
    expect(frames[0]).toMatchObject({ broken: null, fatal: false })
  })
  it.each(forbidden)('%i is not', (code) => {
    const { frames } = parse([frame({ opcode: 8, payload: closePayload(code) })])
    expect(frames[0]?.broken).toEqual({
      rule: `${code} is not allowed as the code of a close frame`,
      section: 'RFC 6455 section 7.4',
    })
    expect(frames[0]?.fatal).toBe(true)
  })
})

const validFrames = fc
  .array(
    fc.record({
      payload: fc.uint8Array({ maxLength: 300 }),
      kind: fc.constantFrom(1, 2, 9, 10),
      fragments: fc.integer({ min: 1, max: 3 }),
      lengthBytes: fc.constantFrom(undefined, 8 as const),
    }),
    { maxLength: 8 },
  )
  .map((messages) =>
    messages.flatMap(({ payload, kind, fragments, lengthBytes }): FrameParts[] => {
      if (kind >= 8) return [{ opcode: kind, payload: payload.subarray(0, 125) }]
      return Array.from({ length: fragments }, (_unused, index) => ({
        opcode: index === 0 ? kind : 0,
        fin: index === fragments - 1,
        payload,
        ...(lengthBytes === undefined ? {} : { lengthBytes }),
      }))
    }),
  )

/** Reads as a tap does: plain messages are offered, everything else is fed message by message. */
function parseOffering(chunks: readonly Buffer[], options: FrameParserOptions, takes: boolean[]) {
  const frames: WireFrame[] = []
  const parser = new FrameParser(options, (parsed) => frames.push({ ...parsed }))
  let offered = 0
  const take = (parsed: WireFrame) => {
    const taken = takes[offered++ % takes.length] ?? true
    if (taken) frames.push({ ...parsed })
    return taken
  }
  chunks.forEach((chunk, time) => {
    for (let offset = 0; offset < chunk.length;) {
      offset = parser.takePlain(chunk, offset, time, take)
      if (offset < chunk.length) offset = parser.feedMessage(chunk, offset, time)
    }
  })
  return { frames, parser, offered }
}

/** What does not depend on the chunks; times do, and so does where a payload lies. */
function essence({ frames, parser }: ReturnType<typeof parse>) {
  return {
    frames: frames.map((item) => ({
      header: item.header,
      headerLength: item.headerLength,
      payloadLength: item.payloadLength,
      maskingKey: item.maskingKey,
      payload: item.payload,
      broken: item.broken,
      fatal: item.fatal,
      unread: item.unread,
      // Valid frames are not copied when they lie in one chunk; see the tests of messages.
      raw: item.payload && item.raw,
    })),
    trailing: parser.trailingBytes,
    partial: parser.partial?.wireSize ?? 0,
  }
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b)
  return [...places, bytes.length].map((end, index) => bytes.subarray(places[index - 1] ?? 0, end))
}

describe('FrameParser', () => {
  it('finds the same frames for every split of valid bytes', () => {
    fc.assert(
      fc.property(
        validFrames,
        fc.boolean(),
        fc.array(fc.nat(5000), { maxLength: 20 }),
        (parts, masked, cuts) => {
          const bytes = Buffer.concat(
            parts.map((part) => frame(masked ? { ...part, mask: key } : part)),
          )
          const options = masked ? fromClient : fromServer
          const whole = essence(parse([bytes], options))
          expect(whole.frames).toHaveLength(parts.length)
          expect(essence(parse(split(bytes, cuts), options))).toEqual(whole)
          const single = [...bytes].map((byte) => Buffer.of(byte))
          expect(essence(parse(single, options))).toEqual(whole)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('finds the same frames when it offers plain messages, whatever is taken', () => {
    fc.assert(
      fc.property(
        validFrames,
        fc.boolean(),
        fc.array(fc.nat(5000), { maxLength: 20 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }),
        (parts, masked, cuts, takes) => {
          const bytes = Buffer.concat(
            parts.map((part) => frame(masked ? { ...part, mask: key } : part)),
          )
          const options = masked ? fromClient : fromServer
          const expected = essence(parse([bytes], options))
          expect(essence(parseOffering(split(bytes, cuts), options, takes))).toEqual(expected)
        },
      ),
      { numRuns: 400 },
    )
  })

  it('offers only what is whole, in one frame, not compressed and breaks no rule', () => {
    const plain = frame({ opcode: 1, payload: 'plain' })
    const offered = (bytes: Buffer, options = fromServer) =>
      parseOffering([bytes], options, [true]).offered
    expect(offered(Buffer.concat([plain, plain]))).toBe(2)
    expect(offered(plain.subarray(0, -1))).toBe(0)
    expect(offered(frame({ opcode: 1, payload: 'c', rsv1: true }), deflate)).toBe(0)
    expect(offered(frame({ opcode: 9, payload: 'p' }))).toBe(0)
    expect(offered(frame({ opcode: 1, fin: false, payload: 'f' }))).toBe(0)
    expect(offered(frame({ opcode: 0, payload: 'c' }))).toBe(0)
    expect(offered(frame({ opcode: 1, payload: 'm', mask: key }))).toBe(0)
    expect(offered(plain, fromClient)).toBe(0)
    expect(offered(frame({ opcode: 1, payload: 'long form', lengthBytes: 2 }))).toBe(0)
    expect(offered(Buffer.concat([frame({ opcode: 8 }), plain]))).toBe(0)
  })

  it('finds the same frames, with the same bytes and rules, for every split of arbitrary bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.array(fc.nat(400), { maxLength: 20 }),
        fc.constantFrom(fromServer, fromClient, deflate),
        (random, cuts, options) => {
          const bytes = Buffer.from(random)
          const whole = essence(parse([bytes], options))
          expect(essence(parse(split(bytes, cuts), options))).toEqual(whole)
          const single = [...bytes].map((byte) => Buffer.of(byte))
          expect(essence(parse(single, options))).toEqual(whole)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('finds the same frames at every single cut of a conversation that goes wrong', () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, rsv1: true, fin: false, payload: 'compressed' }),
      frame({ opcode: 9, payload: 'between' }),
      frame({ opcode: 0, lengthBytes: 8, payload: 'long-winded' }),
      frame({ opcode: 2, payload: Buffer.alloc(130, 7) }),
      frame({ opcode: 10, payload: Buffer.alloc(126, 'long') }),
      frame({ opcode: 1, payload: 'after' }),
      frame({ opcode: 8, payload: closePayload(1002) }),
    ])
    const whole = essence(parse([bytes], deflate))
    expect(whole.frames.map(({ header }) => (header & 0x0f00) >> 8)).toEqual([1, 9, 0, 2, 10, 1, 8])
    for (let cut = 0; cut <= bytes.length; cut++) {
      const chunks = [bytes.subarray(0, cut), bytes.subarray(cut)]
      expect(essence(parse(chunks, deflate))).toEqual(whole)
    }
  })

  it('tells what has arrived of a frame that is still on its way', () => {
    const bytes = frame({ opcode: 2, payload: Buffer.alloc(300, 7) })
    const { frames, parser } = parse([bytes.subarray(0, 104)])
    expect(frames).toHaveLength(0)
    expect(parser.partial).toMatchObject({ header: 0x827e, wireSize: 104 })
  })

  it('does not change the bytes it reads', () => {
    const bytes = frame({ opcode: 9, payload: 'masked', mask: key })
    const before = Buffer.from(bytes)
    parse([bytes], fromClient)
    expect(bytes).toEqual(before)
  })
})
