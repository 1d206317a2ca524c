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
      ping: (payload) => void pings.push(payload),
      close: () => {},
      terminate: () => {},
    }
    client = new ServerClient(session, new IncomingMessage(new Socket()))
  })

  const lastPing = () => pings.at(-1) ?? new Uint8Array()

  it('measures the pong that answers its ping, and no other', () => {
    expect(client.keepAlive()).toBe(true)
    client.pingSent(lastPing(), 100)
    expect(client.pongReceived(Uint8Array.of(1), 105)).toBeNull()
    expect(client.pongReceived(lastPing(), 112)).toBe(12)
    expect(client.pongReceived(lastPing(), 113)).toBeNull()
    expect(client.model).toMatchObject({ id: 7, rtt: 12 })
    expect(client.keepAlive()).toBe(true)
    expect(pings).toHaveLength(2)
  })

  it('has missed a ping that was sent and not answered', () => {
    client.keepAlive()
    client.pingSent(lastPing(), 100)
    counters = { ...counters, bytesOut: 10 }
    expect(client.keepAlive()).toBe(false)
  })

  it('has not missed a ping that waits behind data on its way', () => {
    client.keepAlive()
    counters = { ...counters, bytesOut: 10 }
    expect(client.keepAlive()).toBe(true)
    expect(pings).toHaveLength(1)
    expect(client.keepAlive()).toBe(false)
  })
})
