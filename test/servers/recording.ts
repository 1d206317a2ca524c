import type { ServerOptions, WebSocket } from 'ws'
import { wsServer } from './polite'
import type { TestServer } from './test-server'

/** A message as a server received it. */
export interface ReceivedMessage {
  readonly bytes: Buffer
  readonly binary: boolean
}

/** How a client's connection ended, as the server saw it. */
export interface SeenClose {
  readonly code: number
  readonly reason: string
}

export interface RecordingServer extends TestServer {
  /** Every opening request, with its headers in the order and case they came in. */
  readonly requests: readonly { readonly url: string; readonly rawHeaders: readonly string[] }[]
  readonly messages: readonly ReceivedMessage[]
  /** Payloads of the pings that came in. */
  readonly pings: readonly Buffer[]
  readonly closes: readonly SeenClose[]
  /** Those connected now, in the order they came. */
  readonly clients: readonly WebSocket[]
  /** Values of a header of the latest request, in order. */
  headers(name: string): string[]
}

/** An echo server that keeps what it saw. */
export async function recordingEcho(options: ServerOptions = {}): Promise<RecordingServer> {
  const requests: { url: string; rawHeaders: string[] }[] = []
  const messages: ReceivedMessage[] = []
  const pings: Buffer[] = []
  const closes: SeenClose[] = []
  const clients: WebSocket[] = []
  const server = await wsServer((ws, { url = '', rawHeaders }) => {
    requests.push({ url, rawHeaders })
    clients.push(ws)
    ws.on('message', (data, binary) => {
      messages.push({ bytes: data as Buffer, binary })
      ws.send(data, { binary })
    })
    ws.on('ping', (payload) => pings.push(payload))
    ws.on('close', (code, reason) => {
      closes.push({ code, reason: reason.toString() })
      clients.splice(clients.indexOf(ws), 1)
    })
  }, options)
  return {
    ...server,
    requests,
    messages,
    pings,
    closes,
    clients,
    headers(name) {
      const raw = requests.at(-1)?.rawHeaders ?? []
      return raw.filter(
        (_, index) => index % 2 === 1 && raw[index - 1]?.toLowerCase() === name.toLowerCase(),
      )
    },
  }
}
