import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultRedaction } from '@shared/model/export'
import type { SessionInfo } from '@shared/model/frame'
import { must } from '../../../../../test/fakes/must'
import { collect, headsOf, ListedRows, newRow } from '../../../../../test/support/listed-rows'
import { atPositions } from '../export-rows'
import { startExport } from '../start-export'
import type { PcapngMode } from './pcapng'

const run = promisify(execFile)
const hasTshark = spawnSync('tshark', ['--version']).status === 0

const start = 1_795_000_000_000
const broken = { rule: 'Opcode 3 is reserved', section: 'RFC 6455 section 5.2' }
/** Longer than a comment can be. */
const wordy = { ...broken, rule: 'A rule of another program. '.repeat(3000) }
const closing = Buffer.concat([Uint8Array.of(0x0f, 0xa0), Buffer.from('bye')])
const sizes = [125, 126, 65_535, 65_536, 1_000_000]

type NewRowPart = Parameters<typeof newRow>[0]

interface Scenario {
  readonly session?: Partial<SessionInfo>
  /** Text of both heads; `null` for a session whose handshake is not held. */
  readonly heads?: string | null
  /** Whether the handshake is not among the rows asked for. */
  readonly leavesHandshakeOut?: boolean
  readonly rows: readonly NewRowPart[]
}

const hello: readonly NewRowPart[] = [
  { direction: 'out', payload: 'hello from the client', time: start + 1.5 },
  { direction: 'in', payload: 'hello from the server', time: start + 2.000123 },
]

/** Each becomes a session of one file: starting tshark takes long. */
const scenarios = {
  plain: { rows: hello },
  control: {
    rows: [
      { direction: 'out', kind: 'ping', payload: Uint8Array.of(1, 2) },
      { direction: 'in', kind: 'pong', payload: Uint8Array.of(1, 2) },
      { direction: 'in', kind: 'binary', payload: Uint8Array.of(0xca, 0xfe) },
      { direction: 'out', kind: 'close', payload: closing },
      { direction: 'in', kind: 'close', payload: closing },
    ],
  },
  server: { session: { role: 'server' }, rows: hello },
  ipv4: { session: { peer: '10.1.2.3:8080' }, rows: hello },
  ipv6: { session: { peer: '[2001:db8:0:1::42]:8080', local: '[::1]:0' }, rows: hello },
  mapped: {
    session: { peer: '[::ffff:10.0.0.9]:8080', local: '[::ffff:127.0.0.1]:0' },
    rows: hello,
  },
  unknown: { session: { peer: '', local: '' }, rows: hello },
  encrypted: { session: { url: 'wss://example.org/chat', peer: '10.1.2.3:443' }, rows: hello },
  foreign: { session: { peer: '10.1.2.3:9300' }, rows: hello },
  deflated: {
    heads: headsOf({ response: 'Sec-WebSocket-Extensions: permessage-deflate\r\n' }),
    rows: [
      { direction: 'in', payload: 'long '.repeat(100), header: 0xc10a, wireSize: 12 },
      { direction: 'out', payload: 'long '.repeat(100), header: 0xc18a, wireSize: 16 },
    ],
  },
  fragmented: {
    rows: [
      {
        ...{ direction: 'out', payload: 'one two', fragments: 2, wireSize: 19, header: 0x0183 },
        frames: [
          { header: Uint8Array.of(0x01, 0x83, 1, 2, 3, 4), payloadLength: 3, time: start + 3 },
          { header: Uint8Array.of(0x80, 0x84, 5, 6, 7, 8), payloadLength: 4, time: start + 4 },
        ],
      },
      { direction: 'in', payload: 'after' },
    ],
  },
  long: {
    rows: [
      ...sizes.map((size): NewRowPart => ({
        direction: 'out',
        payload: 'abcdefgh'.repeat(size / 8 + 1).slice(0, size),
      })),
      { direction: 'in', payload: 'the next one' },
    ],
  },
  apart: { leavesHandshakeOut: true, rows: hello },
  invented: { heads: null, rows: hello },
  secret: {
    session: { url: 'ws://127.0.0.1:8765/chat?token=hunter2' },
    heads: headsOf({ target: '/chat?token=hunter2', request: 'Cookie: sid=hunter2\r\n' }),
    rows: [
      { direction: 'out', payload: '{"password":"hunter2","big":12345678901234567890}' },
      { direction: 'in', payload: 'after' },
    ],
  },
  broken: {
    rows: [
      {
        kind: 'binary',
        payload: 'AB',
        header: 0x8302,
        wireSize: 4,
        raw: Uint8Array.of(0x83, 2, 0x41, 0x42),
        broken,
      },
      // Announced with 1,000 bytes; four of them are kept, as of frames longer than 4 KiB.
      {
        payload: 'ABCDE',
        header: 0x817e,
        wireSize: 9,
        raw: Uint8Array.of(0x81, 126, 3, 0xe8, 0x41),
        broken,
      },
      { payload: 'wordy', broken: wordy },
      { payload: 'the next one' },
    ],
  },
} satisfies Record<string, Scenario>

const names = Object.keys(scenarios) as (keyof typeof scenarios)[]

const fields = [
  ...['tcp.stream', 'tcp.port', 'exported_pdu.src_port', 'exported_pdu.dst_port'],
  ...['ip.src', 'ipv6.src', 'websocket.payload_length_ext_64'],
  ...['frame.time_epoch', 'frame.packet_flags_direction', 'frame.comment', 'http.request.uri'],
  ...['http.response.code', 'websocket.opcode', 'websocket.fin', 'websocket.rsv'],
  ...['websocket.masking_key', 'websocket.payload.text', 'websocket.payload.close.status_code'],
  ...['_ws.malformed', '_ws.expert.severity', '_ws.expert.message', 'tcp.checksum.status'],
  ...['ip.checksum.status', 'tcp.analysis.flags'],
] as const
type Field = (typeof fields)[number]
type Dissected = Record<Field, string>

function recorded(): { log: ListedRows; positions: [number, number][] } {
  const log = new ListedRows()
  const positions: [number, number][] = []
  for (const [index, name] of names.entries()) {
    const { session: info, heads = headsOf(), leavesHandshakeOut, rows }: Scenario = scenarios[name]
    const ends = info?.role === 'server' ? { local: '127.0.0.1:8765', peer: '127.0.0.1:0' } : info
    const own = { local: '127.0.0.1:0', ...info, ...ends }
    const port = String(portOf(index))
    const session = log.open({
      ...own,
      local: own.local.replace(/:0$/, `:${port}`),
      ...(own.peer !== undefined && { peer: own.peer.replace(/:0$/, `:${port}`) }),
    })
    const from = log.total + (leavesHandshakeOut ? 1 : 0)
    if (heads !== null)
      log.add(newRow({ session, kind: 'open', direction: 'none', payload: heads, time: start }))
    for (const row of rows) log.add(newRow({ session, time: start + 5, ...row }))
    positions.push([from, log.total])
  }
  return { log, positions }
}

/** Of a session whose ends are not known it is invented; these are the same. */
function portOf(index: number): number {
  return 49_152 + index + 1
}

// Without tshark (Debian package tshark) there is nothing that could dissect the files.
describe.skipIf(!hasTshark).each<PcapngMode>(['tcp', 'pdu'])('pcapng, mode %s', (mode) => {
  let folder: string
  let path: string
  let packets: Dissected[]

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pcapng-'))
    path = join(folder, 'a.pcapng')
    const { log, positions } = recorded()
    const rows = atPositions({ count: log.total, idAt: (position) => position }, positions)
    const redaction = { ...defaultRedaction(), jsonPaths: ['$..password'] }
    const format = { name: 'pcapng', mode } as const
    await writeFile(path, await collect(startExport({ log, rows, format, redaction })))
    const lines = await tshark(
      '-T',
      'fields',
      '-E',
      'aggregator=|',
      ...fields.flatMap((field) => ['-e', field]),
    )
    packets = lines.map((line) => {
      const values = line.split('\t')
      return Object.fromEntries(
        fields.map((field, index) => [field, values[index] ?? '']),
      ) as Dissected
    })
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function tshark(...options: string[]): Promise<string[]> {
    const checks = ['-o', 'tcp.check_checksum:TRUE', '-o', 'ip.check_checksum:TRUE']
    const command = ['-r', path, ...checks, ...options]
    const { stdout } = await run('tshark', command, { maxBuffer: 256 * 1024 * 1024 })
    return stdout.split('\n').filter((line) => line !== '')
  }

  function packetsOf(name: keyof typeof scenarios): Dissected[] {
    const port = String(portOf(names.indexOf(name)))
    return packets.filter((packet) =>
      `${packet['tcp.port']}|${packet['exported_pdu.src_port']}|${packet['exported_pdu.dst_port']}`
        .split('|')
        .includes(port),
    )
  }

  /** Of the packets with frames, some fields. */
  function framesOf(name: keyof typeof scenarios, ...wanted: Field[]): string[][] {
    return packetsOf(name)
      .filter((packet) => packet['websocket.opcode'] !== '')
      .map((packet) => wanted.map((field) => packet[field]))
  }

  const commentsOf = (name: keyof typeof scenarios) =>
    packetsOf(name)
      .map((packet) => packet['frame.comment'])
      .join('\n')

  it('has no malformed packet, no wrong checksum and no warning', () => {
    const warning = 0x0060_0000
    const sound = names.filter((name) => name !== 'broken')
    for (const packet of sound.flatMap(packetsOf)) {
      const severities = packet['_ws.expert.severity'].split('|').map(Number)
      expect([Math.max(...severities) < warning, packet['_ws.expert.message']]).toEqual([
        true,
        expect.any(String),
      ])
    }
    for (const packet of packets) {
      expect(packet['_ws.malformed']).toBe('')
      expect(packet['tcp.checksum.status']).toBe(mode === 'tcp' ? '1' : '')
      expect(['', '1']).toContain(packet['ip.checksum.status'])
      expect(packet['tcp.analysis.flags']).toBe('')
    }
  })

  it('is dissected as HTTP and WebSocket, with opcodes, texts and times', () => {
    expect(
      framesOf('plain', 'websocket.opcode', 'websocket.payload.text', 'frame.time_epoch'),
    ).toEqual([
      ['1', 'hello from the client', '1795000000.001500000'],
      ['1', 'hello from the server', '1795000000.002000000'],
    ])
    const http = packetsOf('plain').map(
      (packet) => packet['http.request.uri'] + packet['http.response.code'],
    )
    expect(http.filter((value) => value !== '')).toEqual(['/chat', '101'])
  })

  it('shows control frames, closes and binary messages', () => {
    const rows = framesOf('control', 'websocket.opcode', 'websocket.payload.close.status_code')
    expect(rows.map(([opcode]) => opcode)).toEqual(['9', '10', '2', '8', '8'])
    expect(rows.at(-1)?.[1]).toBe('4000')
  })

  it('says which way packets went', () => {
    // What the client asked came in to a server; a row that went out is its answer.
    const flags = packetsOf('server').map((packet) =>
      Number(packet['frame.packet_flags_direction']),
    )
    expect(flags.slice(mode === 'tcp' ? 3 : 0)).toEqual([1, 2, 2, 1])
  })

  it.each([
    ['ipv4', '10.1.2.3'],
    ['ipv6', '2001:db8:0:1::42'],
    ['mapped', '10.0.0.9'],
    ['unknown', '192.0.2.2'],
  ] as const)('names the server of the session %s', (name, expected) => {
    const answer = must(packetsOf(name).find((packet) => packet['http.response.code'] === '101'))
    expect(answer['ip.src'] + answer['ipv6.src']).toBe(expected)
    expect(framesOf(name, 'websocket.payload.text')).toHaveLength(2)
  })

  it.each([
    ['encrypted', 'Port 443 is written as 80'],
    ['foreign', 'Port 9300 is written as 80'],
  ] as const)('is read as WebSocket where the port means something else: %s', (name, remark) => {
    expect(framesOf(name, 'websocket.payload.text')).toHaveLength(2)
    expect(commentsOf(name)).toContain(remark)
  })

  it('writes what was deflated as it was read', () => {
    const text = 'long '.repeat(100)
    const rows = framesOf('deflated', 'websocket.payload.text', 'websocket.rsv')
    expect(rows.map(([payload]) => payload)).toEqual([text, text])
    for (const [, rsv = ''] of rows) expect(Number(rsv)).toBe(0)
    expect(commentsOf('deflated')).toContain('12 bytes on the wire, in 1 frame')
  })

  it('keeps the frames of a fragmented message, masks included', () => {
    expect(
      framesOf('fragmented', 'websocket.fin', 'websocket.opcode', 'websocket.masking_key').slice(
        0,
        2,
      ),
    ).toEqual([
      ['0', '1', '01020304'],
      ['1', '0', '05060708'],
    ])
    const texts = framesOf('fragmented', 'websocket.payload.text').flat()
    expect(texts[1]).toContain('two')
    expect(texts[2]).toBe('after')
  })

  it('carries messages of any length', () => {
    const texts = framesOf('long', 'websocket.payload.text').flat()
    expect(texts.at(-1)).toBe('the next one')
    const payloads = scenarios.long.rows.map(({ payload }) => payload as string)
    for (const payload of payloads.slice(0, 4)) expect(texts).toContain(payload)
    // Cut into several frames where they must not be that long; shown is only the start.
    const lengths = framesOf('long', 'websocket.payload_length_ext_64').flat().slice(4).map(Number)
    expect(lengths.reduce((sum, length) => sum + length)).toBe(1_000_000)
    expect(must(payloads[4]).startsWith(must(texts[4]))).toBe(true)
  })

  it('brings the handshake along when only messages are asked for', () => {
    expect(packetsOf('apart').some((packet) => packet['http.response.code'] === '101')).toBe(true)
    expect(framesOf('apart', 'websocket.payload.text')).toHaveLength(2)
    expect(commentsOf('apart')).not.toContain('not at hand')
  })

  it('invents a handshake where none is held, and says so', () => {
    expect(framesOf('invented', 'websocket.payload.text')).toHaveLength(2)
    expect(commentsOf('invented')).toContain('the opening handshake was not at hand')
  })

  it('hides secrets in heads and messages, with the lengths that follow', async () => {
    expect(framesOf('secret', 'websocket.payload.text').flat()).toEqual([
      '{"password":"REDACTED","big":12345678901234567890}',
      'after',
    ])
    const uris = packetsOf('secret').map((packet) => packet['http.request.uri'])
    expect(uris.join('')).toBe('/chat?token=REDACTED')
    expect((await readFile(path)).includes('hunter2')).toBe(false)
  })

  it('survives frames that broke the rules', () => {
    const rows = framesOf('broken', 'websocket.opcode', 'websocket.payload.text', 'frame.comment')
    expect(rows[0]?.[0]).toBe('3')
    expect(rows[0]?.[2]).toBe('Opcode 3 is reserved (RFC 6455 section 5.2).')
    expect(rows.slice(1).map(([, text]) => text)).toEqual(['ABCDE', 'wordy', 'the next one'])
  })

  it.runIf(mode === 'tcp')('can be followed as a stream', async () => {
    const text = (await tshark('-q', '-z', 'follow,tcp,ascii,0')).join('\n')
    expect(text).toContain(`Node 0: 127.0.0.1:${portOf(0)}`)
    expect(text).toContain('GET /chat HTTP/1.1')
    expect(text).toContain('HTTP/1.1 101 Switching Protocols')
    expect(text).toContain('hello from the server')
  })
})
