import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { beforeEach, describe, expect, it } from 'vitest'
import { noCounters } from '../session/counters'
import type { Session } from '../session/session'
import { ServerClient } from './server-client'

describe('ServerClient', () => {
  let pings: Uint8Array[]
  let counters = noCounters()
  let client: ServerClient

  beforeEach(() => {
    pings = []
    counters = noCounters()
    const session: Session = {
      number: 7,
      phase: 'open',
      handshake: null,
      get counters() {
        return counters
      },
      bufferedAmount: 0,
      binaryType: 'nodebuffer',
      send: () => Promise.reject(new Error('not used')),
      post: () => {},
      ping: (payload) => void pings.push(payload),
      close: () => {},
      terminate: () => {},
    }
    client = new ServerClient({
      session,
      request: new IncomingMessage(new Socket()),
      note: () => {},
      onFaults: () => {},
      onPressed: () => {},
    })
  })

  const lastPing = () => pings.at(-1) ?? new Uint8Array()

  it('measures the pong that answers its ping, and no other', () => {
    expect(client.keepAlive(1)).toBe(true)
    client.pingSent(lastPing(), 100)
    expect(client.pongReceived(Uint8Array.of(1), 105)).toBeNull()
    expect(client.pongReceived(lastPing(), 112)).toBe(12)
    expect(client.pongReceived(lastPing(), 113)).toBeNull()
    expect(client.model).toMatchObject({ id: 7, rtt: 12 })
    expect(client.keepAlive(1)).toBe(true)
    expect(pings).toHaveLength(2)
  })

  it('has missed a ping that was sent and not answered', () => {
    client.keepAlive(1)
    client.pingSent(lastPing(), 100)
    counters = { ...counters, bytesOut: 10 }
    expect(client.keepAlive(1)).toBe(false)
  })

  it('has not missed a ping that waits behind data on its way', () => {
    client.keepAlive(1)
    counters = { ...counters, bytesOut: 10 }
    expect(client.keepAlive(1)).toBe(true)
    expect(pings).toHaveLength(1)
    expect(client.keepAlive(1)).toBe(false)
  })

  it('is silent after as many pings without a pong as it may miss', () => {
    for (let ping = 0; ping < 3; ping += 1) {
      expect(client.keepAlive(3)).toBe(true)
      client.pingSent(lastPing(), 100 * ping)
    }
    expect(client.keepAlive(3)).toBe(false)
    expect(client.keepAlive(0)).toBe(true)
    client.pingSent(lastPing(), 400)
    expect(client.pongReceived(lastPing(), 401)).toBe(1)
    expect(client.keepAlive(3)).toBe(true)
  })
})
