import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setImmediate as immediate } from 'node:timers/promises'
import { constants, deflateRawSync } from 'node:zlib'
import { parseClosePayload } from '@shared/model/close-code'
import { newRoute } from '@shared/model/server-route'
import { afterEach, describe, expect, it } from 'vitest'
import {
  closePayload,
  endWhenAnswered,
  frame,
  scripted,
  type FrameParts,
} from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'
import { recordLog, type RecordedLog } from '../../../../test/servers/recorded-log'
import { planWith, serverProfile } from '../../../../test/support/server-profile'
import { LocalServer } from '../local-server/local-server'

/** What the other side sends, each frame masked as its role asks for unless told otherwise. */
type Sent = FrameParts & { readonly mask?: FrameParts['mask'] | 'wrong' }

interface Case {
  readonly name: string
  /** Frames before the broken one that belong to it, such as the start of its message. */
  readonly start?: readonly Sent[]
  readonly broken: Sent | Buffer
  readonly kind?: string
  readonly rule: string
  readonly section: string
  /** The code of the close frame that answers; `null` when the connection goes on. */
  readonly code: number | null
  readonly deflate?: boolean
  /** Whether the row stands for the message from its first frame on, and so does `raw`. */
  readonly ofMessage?: boolean
  /** Whether the message it belongs to is a row before its own. */
  readonly begun?: boolean
  /** Whether it announces so much that whatever follows is its own; then that has no rows. */
  readonly endless?: boolean
}

const invalid = Buffer.concat([Buffer.from('bad '), Buffer.from([0xc3, 0x28])])
const framing = 'RFC 6455 section 5.2'
const deflated = (data: string | Buffer) =>
  deflateRawSync(data, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, -4)

const cases: Case[] = [
  ...[3, 7, 11, 15].map((opcode) => ({
    name: `the reserved opcode ${opcode}`,
    broken: { opcode, payload: 'abc' },
    rule: `Opcode ${opcode} is reserved`,
    section: framing,
    code: 1002,
  })),
  ...(['rsv1', 'rsv2', 'rsv3'] as const).map((bit) => ({
    name: `${bit.toUpperCase()} without an extension`,
    broken: { opcode: 1, [bit]: true, payload: 'abc' },
    rule: 'RSV1, RSV2 and RSV3 must be 0',
    section: framing,
    code: 1002,
  })),
  {
    name: 'RSV2 beside permessage-deflate',
    broken: { opcode: 2, rsv2: true, payload: 'abc' },
    rule: 'RSV1, RSV2 and RSV3 must be 0',
    section: framing,
    code: 1002,
    deflate: true,
  },
  {
    name: 'RSV1 on a control frame',
    broken: { opcode: 9, rsv1: true, payload: 'abc' },
    rule: 'RSV1 may be set only',
    section: 'RFC 7692 section 6',
    code: 1002,
    deflate: true,
  },
  {
    name: 'a mask where none belongs, or none where one does',
    broken: { opcode: 1, payload: 'abc', mask: 'wrong' },
    rule: 'mask',
    section: 'RFC 6455 section 5.1',
    code: 1002,
  },
  {
    name: 'a fragmented control frame',
    broken: { opcode: 9, fin: false, payload: 'abc' },
    rule: 'must not be fragmented',
    section: 'RFC 6455 section 5.5',
    code: 1002,
  },
  ...[9, 10, 8].map((opcode) => ({
    name: `the oversized control frame ${opcode}`,
    broken: { opcode, payload: Buffer.alloc(5000, 'long') },
    rule: 'more than 125 bytes',
    section: 'RFC 6455 section 5.5',
    code: 1002,
  })),
  {
    name: 'a stray continuation',
    broken: { opcode: 0, payload: 'abc' },
    rule: 'needs a started message',
    section: 'RFC 6455 section 5.4',
    code: 1002,
  },
  {
    name: 'a new message inside a message',
    start: [{ opcode: 1, fin: false, payload: 'begun' }],
    broken: { opcode: 2, payload: 'abc' },
    rule: 'must not start before',
    section: 'RFC 6455 section 5.4',
    code: 1002,
    begun: true,
  },
  {
    name: 'invalid UTF-8',
    broken: { opcode: 1, payload: invalid },
    rule: 'valid UTF-8',
    section: 'RFC 6455 section 8.1',
    code: 1007,
  },
  {
    name: 'invalid UTF-8 beyond 4 KiB',
    broken: { opcode: 1, payload: Buffer.concat([Buffer.alloc(6000, 'a'), invalid]) },
    rule: 'valid UTF-8',
    section: 'RFC 6455 section 8.1',
    code: 1007,
  },
  {
    name: 'invalid UTF-8 in the second fragment',
    start: [{ opcode: 1, fin: false, payload: 'good, then ' }],
    broken: { opcode: 0, payload: invalid },
    kind: 'text',
    rule: 'valid UTF-8',
    section: 'RFC 6455 section 8.1',
    code: 1007,
    ofMessage: true,
  },
  {
    name: 'invalid UTF-8 once inflated',
    broken: { opcode: 1, rsv1: true, payload: deflated(invalid) },
    rule: 'valid UTF-8',
    section: 'RFC 6455 section 8.1',
    code: 1007,
    deflate: true,
  },
  {
    name: 'what does not inflate',
    broken: { opcode: 2, rsv1: true, payload: Buffer.from('ffffffffff', 'hex') },
    rule: 'valid DEFLATE data',
    section: 'RFC 7692 section 7.2.2',
    code: 1007,
    deflate: true,
  },
  {
    name: 'a close code that is not allowed',
    broken: { opcode: 8, payload: closePayload(1005, 'x') },
    rule: '1005 is not allowed',
    section: 'RFC 6455 section 7.4',
    code: 1002,
  },
  {
    name: 'a close reason that is not UTF-8',
    broken: { opcode: 8, payload: closePayload(1000, invalid) },
    rule: 'close reason must be valid UTF-8',
    section: 'RFC 6455 section 5.5.1',
    code: 1007,
  },
  {
    name: 'a close payload of one byte',
    broken: { opcode: 8, payload: 'x' },
    rule: 'at least two bytes',
    section: 'RFC 6455 section 5.5.1',
    code: 1002,
  },
  ...([2, 8] as const).map((lengthBytes) => ({
    name: `a length of ${lengthBytes * 8} bits that needs fewer`,
    broken: { opcode: 1, payload: 'long-winded', lengthBytes },
    rule: 'shortest form',
    section: framing,
    code: null,
  })),
  {
    name: 'a fragment with a length longer than needed',
    start: [{ opcode: 1, fin: false, payload: 'short and ' }],
    broken: { opcode: 0, payload: 'long-winded', lengthBytes: 8 },
    kind: 'text',
    rule: 'shortest form',
    section: framing,
    code: null,
  },
  {
    name: 'a message too long',
    broken: announcing(300 * 1024 * 1024),
    rule: 'longer than the longest one',
    section: 'RFC 6455 section 7.4.1',
    code: 1009,
    endless: true,
  },
  {
    name: 'a length beyond 2^53 - 1',
    broken: announcing(2 ** 60),
    rule: '2^53 - 1',
    section: 'RFC 6455 section 7.4.1',
    code: 1009,
    endless: true,
  },
  {
    name: 'a length with its top bit set',
    broken: announcing(2 ** 63),
    rule: 'top bit',
    section: framing,
    code: 1009,
    endless: true,
  },
]

/** The start of a frame that announces more than will come; masked when its sender is a client. */
function announcing(length: number): Buffer {
  const bytes = Buffer.alloc(30, 7)
  bytes.writeUInt16BE(0x827f)
  bytes.writeBigUInt64BE(BigInt(length), 2)
  return bytes
}

const masks = [
  [1, 2, 3, 4],
  [0, 0, 7, 0],
] as const

/** The bytes as this role sends them. */
function encode(sent: Sent | Buffer, sender: 'client' | 'server', index: number): Buffer {
  if (Buffer.isBuffer(sent)) {
    const bytes = Buffer.from(sent)
    if (sender === 'client') bytes[1] = 0xff
    return bytes
  }
  const { mask, ...parts } = sent
  const masked = (sender === 'client') !== (mask === 'wrong')
  return frame(masked ? { ...parts, mask: masks[index % 2 === 0 ? 0 : 1] } : parts)
}

const { serve } = serversForTest(afterEach)
const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

/** Writes the bytes at once, or each by itself (of what is long, its end in pieces). */
async function write(socket: Socket, bytes: Buffer, singly: boolean): Promise<void> {
  const step = (at: number) => (!singly ? bytes.length : at < 250 ? 1 : 97)
  for (let at = 0; at < bytes.length; at += step(at)) {
    socket.write(bytes.subarray(at, at + step(at)))
    await immediate()
  }
}

/** A client session receives the bytes of a server. */
async function playToClient(
  bytes: Buffer,
  deflate: boolean,
  singly: boolean,
): Promise<RecordedLog> {
  const lines = deflate ? ['Sec-WebSocket-Extensions: permessage-deflate'] : []
  const server = await serve(
    scripted([], {
      lines,
      then: (socket) => {
        socket.setNoDelay()
        void write(socket, bytes, singly).then(() => endWhenAnswered(socket))
      },
    }),
  )
  const { log, closed } = dialForTest(server.url, {
    closeTimeout: 1000,
    perMessageDeflate: deflate,
  })
  await closed
  return log
}

/** A session of the local server receives the bytes of a client. */
async function playToServer(
  bytes: Buffer,
  deflate: boolean,
  singly: boolean,
): Promise<RecordedLog> {
  const log = recordLog()
  const plan = planWith('relay', { deflate: { ...newRoute('', '*').deflate, enabled: deflate } })
  const server = new LocalServer({
    log,
    profile: serverProfile({ plan }),
    onChanged: () => undefined,
    onClientsChanged: () => undefined,
  })
  cleanups.push(() => server.dispose())
  const { port } = await server.start()
  const socket = connect({ port: port ?? 0, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  socket.write(
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n' +
      `${deflate ? 'Sec-WebSocket-Extensions: permessage-deflate\r\n' : ''}\r\n`,
  )
  await once(socket, 'data')
  socket.setNoDelay()
  await write(socket, bytes, singly)
  await expect.poll(() => server.state.clients).toBe(1)
  await expect.poll(() => closeOf(log)).toBeGreaterThan(0)
  socket.end()
  await expect.poll(() => server.state.clients).toBe(0)
  return log
}

/** Where in the log the close frame stands that went out. */
function closeOf(log: RecordedLog): number {
  return log.rows.findIndex(({ direction, kind }) => direction === 'out' && kind === 'close')
}

const sides = [
  ['client', 'server', playToClient],
  ['server', 'client', playToServer],
] as const

const ways = sides.flatMap((side) =>
  [false, true].map((singly) => [...side, singly ? 'byte by byte' : 'at once', singly] as const),
)

describe.each(ways)('received by a %s', (_receiver, sender, play, _how, singly) => {
  it.each(cases)(`$name is in its row, with its bytes (${_how})`, async (item) => {
    const { start = [], broken, rule, section, code, deflate = false, ofMessage } = item
    const neighbours: Sent[] = [
      { opcode: 1, payload: 'before' },
      { opcode: 9, payload: 'ping before' },
    ]
    const after: Sent[] = [
      { opcode: 1, payload: 'after' },
      { opcode: 8, payload: closePayload(1000) },
    ]
    const leading = neighbours.map((part, index) => encode(part, sender, index))
    const starting = start.map((part, index) => encode(part, sender, index))
    const bytes = encode(broken, sender, start.length)
    const trailing = after.map((part, index) => encode(part, sender, index))
    const sent = Buffer.concat([...leading, ...starting, bytes, ...trailing])
    const log = await play(sent, deflate, singly)

    const incoming = log.rows.filter(({ direction }) => direction === 'in')
    expect(incoming.slice(0, 2).map(({ text }) => text)).toEqual(['before', 'ping before'])
    const [begun] = item.begun ? incoming.splice(2, 1) : []
    if (begun) expect(begun).toMatchObject({ kind: 'text', text: 'begun', raw: starting[0] })
    const row = incoming[2]
    expect(row?.broken?.rule).toContain(rule)
    expect(row?.broken?.section).toBe(section)
    if (item.kind) expect(row?.kind).toBe(item.kind)
    const wire = ofMessage ? Buffer.concat([...starting, bytes]) : bytes
    const raw = Buffer.from(row?.raw ?? [])
    if (!item.endless) expect(raw).toEqual(wire.subarray(0, 4096))
    // `ws` rejects what is too long for it at its header already.
    else expect(raw.subarray(0, 14)).toEqual(wire.subarray(0, raw.length).subarray(0, 14))
    for (const other of incoming) expect(other.raw === null).toBe(other.broken === null)
    const rest = incoming.slice(3).map(({ text, kind }) => (kind === 'close' ? kind : text))
    expect(rest).toEqual(item.endless ? [] : ['after', 'close'])
    const times = log.rows.map(({ time }) => time)
    expect(times).toEqual([...times].sort((one, other) => one - other))
    if (code === null) return
    const answer = closeOf(log)
    expect(parseClosePayload(log.rows[answer]?.payload ?? Buffer.alloc(0)).code).toBe(code)
    expect(answer).toBeGreaterThan(log.rows.indexOf(row as (typeof log.rows)[number]))
  })
})
