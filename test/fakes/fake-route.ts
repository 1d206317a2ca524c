import type {
  BehaviourClient,
  RouteHost,
} from '../../src/main/engine/local-server/behaviours/behaviour'

/** A client that writes down what it is told: texts as they are, bytes as `0x…`, closes as `#…`. */
export interface FakeClient extends BehaviourClient {
  readonly heard: string[]
  readonly payloads: Uint8Array[]
}

/** A route with clients that are not connected to anything. */
export class FakeRoute implements RouteHost {
  readonly all: FakeClient[] = []
  readonly notes: string[] = []
  readonly clients = () => this.all
  readonly note = (clientId: number, text: string) => void this.notes.push(`${clientId}: ${text}`)

  /** Takes in one more client, with ids from 1. */
  add(parameters: Readonly<Record<string, string>> = {}): FakeClient {
    const heard: string[] = []
    const payloads: Uint8Array[] = []
    const client: FakeClient = {
      id: this.all.length + 1,
      parameters,
      heard,
      payloads,
      send(opcode, payload) {
        payloads.push(payload)
        const bytes = Buffer.from(payload)
        heard.push(opcode === 'text' ? bytes.toString() : `0x${bytes.toString('hex')}`)
      },
      ping: (payload) => void heard.push(`#ping ${Buffer.from(payload).toString()}`),
      close: (code, reason) => void heard.push(`#close ${code} ${reason}`),
      terminate: () => void heard.push('#terminate'),
    }
    this.all.push(client)
    return client
  }
}
