import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { frame } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { listen } from '../../../../test/servers/test-server'
import type { WireMessage } from './wire-message'
import type { WireObserver } from './wire-observer'
import { createWireTap, type WireTap } from './wire-tap'

const { serve } = serversForTest(afterEach)

/** A tap on a connected socket, and the socket at the other end. */
async function tapped(): Promise<{ tap: WireTap; peer: Socket }> {
  let accepted: (socket: Socket) => void = () => undefined
  const peerPromise = new Promise<Socket>((resolve) => (accepted = resolve))
  const server = await serve(
    listen(createServer({ allowHalfOpen: true }, (socket) => accepted(socket))),
  )
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true })
  const tap = createWireTap(socket, { role: 'client' })
  await once(socket, 'connect')
  return { tap, peer: await peerPromise }
}

function recorder(): WireObserver & { events: string[]; messages: WireMessage[] } {
  const events: string[] = []
  const messages: WireMessage[] = []
  return {
    events,
    messages,
    take: () => false,
    reading: () => {},
    received(message) {
      messages.push(message)
      events.push(`received ${message.opcode}`)
    },
    sent(message) {
      messages.push(message)
      events.push(`sent ${message.opcode}`)
    },
    written: (error) => events.push(error ? 'failed' : 'written'),
    peerEnded: () => events.push('ended'),
  }
}

function collect(stream: WireTap | Socket): () => Buffer {
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  return () => Buffer.concat(chunks)
}

const requestHead = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'
const responseHead = 'HTTP/1.1 101 Switching Protocols\r\nX: y\r\n\r\n'

describe('WireTap', () => {
  it('passes every byte on unchanged in both directions', async () => {
    const { tap, peer } = await tapped()
    const atPeer = collect(peer)
    const atTap = collect(tap)
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_unused, index) => index % 251))
    tap.write(bytes.subarray(0, 10))
    tap.write(bytes.subarray(10))
    peer.write(bytes)
    await expect.poll(() => atPeer().equals(bytes)).toBe(true)
    await expect.poll(() => atTap().equals(bytes)).toBe(true)
    tap.destroy()
  })

  it('records both heads and then reports frames, whatever the writes', async () => {
    const { tap, peer } = await tapped()
    collect(peer)
    const observer = recorder()
    const out = Buffer.concat([
      Buffer.from(requestHead),
      frame({ opcode: 1, payload: 'out', mask: [1, 2, 3, 4] }),
    ])
    const incoming = frame({ opcode: 2, payload: 'in' })
    tap.once('data', (chunk: Buffer) => {
      tap.pause()
      tap.beginFrames(chunk.subarray(responseHead.length))
      tap.observe(observer, { deflate: false })
      tap.resume()
      tap.write(out.subarray(0, 7))
      tap.write(out.subarray(7, 30))
      tap.write(out.subarray(30))
    })
    peer.write(Buffer.concat([Buffer.from(responseHead), incoming]))
    await expect
      .poll(() => observer.events.filter((event) => event === 'written').length)
      .not.toBe(0)
    await expect
      .poll(() => observer.events.filter((event) => event !== 'written'))
      .toEqual(['received 2', 'sent 1'])
    expect(tap.requestHead).toBe(requestHead)
    expect(tap.responseHead).toBe(responseHead)
    expect(observer.messages[0]?.wireSize).toBe(incoming.length)
    tap.destroy()
  })

  it('counts as buffered what the socket has not written', async () => {
    const { tap, peer } = await tapped()
    peer.pause()
    const megabyte = Buffer.alloc(1024 * 1024)
    for (let index = 0; index < 32; index++) tap.write(megabyte)
    await delay(50)
    expect(tap.writableLength).toBeGreaterThan(megabyte.length)
    const before = tap.writableLength
    tap.write(megabyte)
    expect(tap.writableLength).toBe(before + megabyte.length)
    const received = collect(peer)
    peer.resume()
    await expect.poll(() => tap.writableLength).toBe(0)
    await expect.poll(() => received().length).toBe(33 * megabyte.length)
    tap.destroy()
  })

  it('stops reading while its reader is paused, and loses nothing', async () => {
    const { tap, peer } = await tapped()
    const atTap = collect(tap)
    tap.beginFrames(Buffer.alloc(0))
    tap.pause()
    const bytes = Buffer.alloc(32 * 1024 * 1024, 'z')
    let flushed = false
    peer.write(bytes, () => (flushed = true))
    await delay(100)
    expect(flushed).toBe(false)
    expect(tap.readableLength).toBeLessThan(1024 * 1024)
    tap.resume()
    await expect.poll(() => atTap().length, { timeout: 10_000 }).toBe(bytes.length)
    tap.destroy()
  })

  it('gives the event loop back when reading takes long', async () => {
    const { tap, peer } = await tapped()
    tap.beginFrames(Buffer.alloc(0))
    let turn = 0
    let running = true
    const nextTurn = () => {
      turn += 1
      if (running) setImmediate(nextTurn)
    }
    nextTurn()
    const turns: number[] = []
    tap.on('data', () => {
      turns.push(turn)
      const start = performance.now()
      while (performance.now() - start < 10);
    })
    peer.write(Buffer.alloc(1024 * 1024))
    await expect.poll(() => turns.length).toBeGreaterThan(4)
    await delay(100)
    running = false
    const perTurn = new Map<number, number>()
    for (const each of turns) perTurn.set(each, (perTurn.get(each) ?? 0) + 1)
    expect(Math.max(...perTurn.values())).toBe(1)
    tap.destroy()
  })

  it('tells a peer that ends from one that resets', async () => {
    const ending = await tapped()
    collect(ending.tap)
    ending.peer.end('last')
    await once(ending.tap, 'end')
    ending.tap.destroy()

    const resetting = await tapped()
    collect(resetting.tap)
    resetting.peer.resetAndDestroy()
    const [error] = (await once(resetting.tap, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  it('goes on reading after it has ended its own direction', async () => {
    const { tap, peer } = await tapped()
    const atTap = collect(tap)
    peer.resume()
    tap.end()
    await once(peer, 'end')
    peer.end('still talking')
    await once(tap, 'close')
    expect(atTap().toString()).toBe('still talking')
  })

  it('delivers what came before the end even when its reader is slow', async () => {
    const { tap, peer } = await tapped()
    tap.beginFrames(Buffer.alloc(0))
    const observer = recorder()
    tap.observe(observer, { deflate: false })
    tap.pause()
    peer.end(frame({ opcode: 1, payload: 'slow' }))
    await expect.poll(() => observer.events).toEqual(['received 1', 'ended'])
    await delay(30)
    const atTap = collect(tap)
    tap.end()
    tap.resume()
    await once(tap, 'close')
    expect(atTap()).toEqual(frame({ opcode: 1, payload: 'slow' }))
  })

  it('resets the peer when told to', async () => {
    const { tap, peer } = await tapped()
    peer.resume()
    tap.resetAndDestroy()
    const [error] = (await once(peer, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNRESET')
  })

  it('fails a write when the socket is gone, and says so', async () => {
    const { tap, peer } = await tapped()
    const observer = recorder()
    tap.observe(observer, { deflate: false })
    tap.write(requestHead)
    peer.pause()
    const failed = new Promise((resolve) => tap.write(Buffer.alloc(64 * 1024 * 1024), resolve))
    await delay(20)
    tap.destroy()
    expect(await failed).toBeInstanceOf(Error)
    await expect.poll(() => observer.events).toContain('failed')
  })

  it('lends the properties http and ws expect of a socket', async () => {
    const { tap, peer } = await tapped()
    expect(tap.remoteAddress).toBe('127.0.0.1')
    expect(tap.remotePort).toBe(peer.localPort)
    expect(tap.localPort).toBe(peer.remotePort)
    expect(tap.encrypted).toBe(false)
    expect(tap.connecting).toBe(false)
    expect(tap.setNoDelay().setKeepAlive(true).ref().unref().ref()).toBe(tap)
    tap.setTimeout(20)
    await once(tap, 'timeout')
    tap.setTimeout(0)
    tap.destroySoon()
    await once(tap, 'close')
  })
})
