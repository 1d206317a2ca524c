import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { defaultConfig, emptyDraft } from '@shared/model/connection'
import { flood } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'
import { pressedLog, type PressedLog } from '../../../../test/servers/pressed-log'
import { planWith, serverProfile } from '../../../../test/support/server-profile'
import { LocalServer } from '../local-server/local-server'
import { Connection } from './connection'
import { ReadingPause } from './reading-pause'

const { serve } = serversForTest(afterEach)
const message = 'm'.repeat(1000)
const count = 50_000
let log: PressedLog
const incoming = () => log.rows.filter(({ direction }) => direction === 'in')
const notes = () => log.rows.filter(({ kind }) => kind === 'note').map(({ text }) => text)
const quiet = { onChanged: () => undefined, onClientsChanged: () => undefined }

beforeEach(() => {
  log = pressedLog()
})

describe('a session whose log is slower than the wire', () => {
  it('reads no further, takes commands, and loses nothing', async () => {
    const messages = Array.from({ length: count }, (_unused, index) => `${index} ${message}`)
    const server = await serve(flood(messages))
    let paused = false
    const { session, closed } = dialForTest(
      server.url,
      {},
      {
        log,
        listener: {
          onMessage() {
            if (paused || log.rows.length < 1000) return
            paused = true
            log.press(true)
          },
        },
      },
    )
    await expect.poll(() => paused).toBe(true)
    await delay(20)
    const before = log.rows.length
    expect(before).toBeLessThan(5000)
    session.ping(Buffer.from('still here'))
    expect((await session.send('text', Buffer.from('sent'))).fate).toBe('written')
    await delay(50)
    expect(incoming().length).toBeLessThanOrEqual(before)
    log.press(false)
    await expect.poll(() => session.counters.messagesIn, { timeout: 10_000 }).toBe(count)
    const texts = incoming().filter(({ kind }) => kind === 'text')
    expect(texts.every(({ text }, index) => text === messages[index])).toBe(true)
    session.terminate()
    await closed
  })

  it('can be terminated meanwhile', async () => {
    const server = await serve(flood(Array.from({ length: count }, () => message)))
    const { session, opened, closed } = dialForTest(server.url, {}, { log })
    await opened
    log.press(true)
    session.terminate()
    expect((await closed).close).toMatchObject({ by: 'local', code: 1006 })
    log.press(false)
  })

  it('does not begin to read when it opens meanwhile', async () => {
    const server = await serve(flood(Array.from({ length: count }, () => message)))
    log.press(true)
    const { session, opened, closed } = dialForTest(server.url, {}, { log })
    await opened
    await delay(50)
    // What came together with the answer has been read already.
    expect(incoming().length).toBeLessThan(1000)
    log.press(false)
    await expect.poll(() => session.counters.messagesIn, { timeout: 10_000 }).toBe(count)
    session.terminate()
    await closed
  })
})

describe('ReadingPause', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it('writes one row for each pause that lasts and one for its end', async () => {
    vi.useFakeTimers()
    const pause = new ReadingPause(log, () => 3)
    for (const lasts of [1234, 30, 900, 1000]) {
      log.press(true)
      log.press(true)
      expect(pause.isOn).toBe(true)
      vi.advanceTimersByTime(lasts)
      log.press(false)
      expect(pause.isOn).toBe(false)
      await Promise.resolve()
      vi.advanceTimersByTime(1000)
    }
    log.press(true)
    pause.stop()
    vi.advanceTimersByTime(1000)
    expect(notes()).toEqual([
      'Reading paused: the disk is slower than the wire.',
      'Reading goes on after 1.2 s.',
      'Reading paused: the disk is slower than the wire.',
      'Reading goes on after 1.0 s.',
    ])
    expect(log.rows.every(({ session }) => session === 3)).toBe(true)
  })

  it('tells of many short pauses when they take more time than the reading between them', async () => {
    vi.useFakeTimers()
    const pause = new ReadingPause(log, () => 3)
    async function alternate(paused: number, read: number, times: number) {
      for (let count = 0; count < times; count += 1) {
        log.press(true)
        vi.advanceTimersByTime(paused)
        log.press(false)
        await Promise.resolve()
        vi.advanceTimersByTime(read)
      }
    }
    await alternate(20, 25, 500)
    expect(notes()).toEqual([])
    await alternate(30, 10, 60)
    pause.stop()
    expect(notes()).toEqual([
      'Reading paused: the disk is slower than the wire.',
      expect.stringMatching(/^Reading goes on after 1\.0 s\.$/),
    ])
  })

  it('keeps a connection from sending pings whose pongs would not be read', async () => {
    vi.useFakeTimers()
    const pings: Uint8Array[] = []
    const connection = new Connection({
      id: 'c1',
      name: 'peer',
      profileId: null,
      config: { ...defaultConfig('ws://peer/'), pingInterval: 1000 },
      draft: emptyDraft(),
      log,
      dial: ({ listener }) => {
        queueMicrotask(() => listener.onOpen?.({} as never))
        return {
          number: 1,
          phase: 'open',
          handshake: null,
          counters: { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 },
          bufferedAmount: 0,
          binaryType: 'nodebuffer',
          send: () => Promise.reject(new Error('not used')),
          post: () => {},
          ping: (payload) => {
            pings.push(payload)
            listener.onPingSent?.(payload, performance.now())
          },
          close: () => undefined,
          terminate: () => undefined,
        }
      },
      listener: {
        onState: () => undefined,
        onActivity: () => undefined,
        onLatency: () => undefined,
        onSnapshotChanged: () => undefined,
      },
    })
    connection.connect()
    await vi.advanceTimersByTimeAsync(1100)
    expect(pings).toHaveLength(1)
    log.press(true)
    await vi.advanceTimersByTimeAsync(5000)
    expect(pings).toHaveLength(1)
    log.press(false)
    await vi.advanceTimersByTimeAsync(1000)
    expect(pings).toHaveLength(2)
    await connection.dispose()
  })
})

describe('a local server whose log is slower than the wire', () => {
  it('pauses all its clients with one row, and drops none for its own silence', async () => {
    const plan = planWith('relay', { keepAlive: { interval: 40, misses: 1 } })
    const server = new LocalServer({ log, profile: serverProfile({ plan }), ...quiet })
    const { urls } = await server.start()
    const clients = [new WebSocket(urls[0] ?? ''), new WebSocket(urls[0] ?? '')]
    await expect.poll(() => server.state.clients).toBe(2)
    log.press(true)
    for (const client of clients) client.send('while paused')
    await delay(1150)
    expect(server.state.clients).toBe(2)
    expect(incoming().filter(({ kind }) => kind === 'text')).toHaveLength(0)
    log.press(false)
    await expect.poll(() => incoming().filter(({ kind }) => kind === 'text')).toHaveLength(2)
    expect(notes().filter((text) => text.startsWith('Reading'))).toHaveLength(2)
    for (const client of clients) client.terminate()
    await server.dispose()
  })
})
