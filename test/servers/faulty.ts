import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer, type Socket } from 'node:net'
import { WebSocketServer, type ServerOptions } from 'ws'
import { FaultLine } from '../../src/main/engine/faults/fault-line'
import { acceptPeer } from '../../src/main/engine/session/accept-peer'
import { appendEvent } from '../../src/main/engine/session/event-row'
import type { Session, SessionEnd } from '../../src/main/engine/session/session'
import { createWireTap, WireTap } from '../../src/main/engine/wire/wire-tap'
import { wsOptions } from '../../src/main/engine/wire/ws-options'
import type { Fault, FaultKind, FaultOf } from '../../src/shared/model/server-fault'
import { recordLog, type RecordedLog } from './recorded-log'
import { listen, type TestServer } from './test-server'

/** A client that a {@link faultyServer} has accepted. */
export interface FaultyPeer {
  readonly session: Session
  readonly tap: WireTap
  readonly line: FaultLine
  readonly ends: SessionEnd[]
}

export interface FaultyServer extends TestServer {
  readonly log: RecordedLog
  readonly peers: FaultyPeer[]
  notes(): string[]
}

export interface FaultyOptions {
  readonly faults?: readonly Fault[]
  readonly seed?: number
  /** Sends back what comes in. */
  readonly echo?: boolean
  readonly ws?: ServerOptions
}

/** A server whose clients have faults, built as the local server builds it. */
export async function faultyServer(options: FaultyOptions = {}): Promise<FaultyServer> {
  const { faults = [], seed = 1, echo = false } = options
  const log = recordLog()
  const peers: FaultyPeer[] = []
  const websockets = new WebSocketServer({ ...wsOptions, ...options.ws, noServer: true })
  const http = createHttpServer()
  http.on('upgrade', (request, tap, head) => {
    if (!(tap instanceof WireTap)) throw new Error('the tap was not used')
    tap.beginFrames(head)
    websockets.handleUpgrade(request, tap, head, (ws) => {
      const ends: SessionEnd[] = []
      const session: Session = acceptPeer({
        ws,
        tap,
        request,
        log,
        maxPayload: 0,
        listener: {
          onMessage(opcode, payload) {
            if (echo) session.send(opcode, Buffer.from(payload)).catch(() => undefined)
          },
          onClosed: (end) => ends.push(end),
        },
      })
      const line = new FaultLine({
        seed,
        client: peers.length,
        note: (text) => appendEvent(log, session.number, 'note', text),
      })
      tap.insert(line)
      peers.push({ session, tap, line, ends })
      line.set(faults)
    })
  })
  const server = await listen(
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      http.emit('connection', createWireTap(socket, { role: 'server' }))
    }),
  )
  const notes = () => log.rows.filter(({ kind }) => kind === 'note').map(({ text }) => text)
  return { ...server, log, peers, notes }
}

/** A fault with what is usual, changed where told. */
export function faultOf<Kind extends FaultKind>(
  kind: Kind,
  entries: Omit<Partial<FaultOf<Kind>>, 'kind'>,
): Fault {
  const common = { id: kind, enabled: true, probability: 1, count: null, at: 'open', after: 0 }
  return { ...common, kind, ...entries } as unknown as Fault
}

/** A client on a bare socket, upgraded. */
export interface BareClient {
  readonly socket: Socket
  /** What came after the head of the answer. */
  received(): Buffer
  /** When each of the bytes received had come, in milliseconds since the answer. */
  timeOf(byte: number): number
  /** How the connection ended, once it has. */
  ended(): 'fin' | 'rst' | null
}

/**
 * @param lines more header lines of the request, each without line break.
 * @param rest what is sent with it.
 */
export async function bareClient(
  port: number,
  lines: readonly string[] = [],
  rest: Uint8Array = new Uint8Array(),
): Promise<BareClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
  const arrivals: { readonly end: number; readonly time: number }[] = []
  let bytes = Buffer.alloc(0)
  let start = 0
  let began = 0
  let ended: 'fin' | 'rst' | null = null
  socket.on('error', () => (ended ??= 'rst'))
  socket.on('end', () => (ended ??= 'fin'))
  const upgraded = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk])
      arrivals.push({ end: bytes.length, time: performance.now() })
      const end = bytes.indexOf('\r\n\r\n')
      if (start > 0 || end < 0) return
      start = end + 4
      began = performance.now()
      resolve()
    })
  })
  await once(socket, 'connect')
  const request = [
    'GET / HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    ...lines,
    '',
    '',
  ].join('\r\n')
  socket.write(Buffer.concat([Buffer.from(request, 'latin1'), rest]))
  await upgraded
  return {
    socket,
    received: () => bytes.subarray(start),
    timeOf: (byte) => {
      const arrival = arrivals.find(({ end }) => end > start + byte)
      return arrival ? arrival.time - began : Number.NaN
    },
    ended: () => ended,
  }
}
