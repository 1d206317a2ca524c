import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import {
  defaultConfig,
  emptyDraft,
  type ConnectionConfig,
  type HandshakeFacts,
} from '@shared/model/connection'
import { recordLog, type RecordedLog } from '../../../../test/servers/recorded-log'
import { Connection, type Dial } from './connection'
import { noCounters } from './counters'
import type { Session, SessionEnd, SessionListener } from './session'

const handshake: HandshakeFacts = {
  url: 'ws://peer/',
  protocol: '',
  extensions: '',
  remote: '192.0.2.1:80',
  duration: 1,
  tls: null,
  requestHead: '',
  responseHead: '',
}

const lost: SessionEnd = {
  close: { code: 1006, reason: '', by: 'network', clean: false },
  failure: null,
  refusal: null,
}

/** A session that does what the test says, when it says so. */
class ScriptedSession implements Session {
  readonly handshake = null
  readonly binaryType = 'nodebuffer'
  readonly calls: unknown[][] = []
  phase: Session['phase'] = 'connecting'
  counters = noCounters()
  bufferedAmount = 0
  refuses: AppError | null = null
  readonly number: number
  readonly listener: SessionListener

  constructor(number: number, listener: SessionListener) {
    this.number = number
    this.listener = listener
  }

  opens(): void {
    this.phase = 'open'
    this.listener.onOpen?.(handshake)
  }

  ends(end: SessionEnd = lost): void {
    this.phase = 'closed'
    this.listener.onClosed?.(end)
  }

  async send(...message: unknown[]) {
    this.calls.push(['send', ...message])
    if (this.refuses) throw this.refuses
    return { fate: 'written' as const, bufferedAmount: 0 }
  }

  post(...message: unknown[]): void {
    this.calls.push(['post', ...message])
  }

  ping(payload: Uint8Array): void {
    this.calls.push(['ping', payload])
  }

  close(...close: unknown[]): void {
    this.calls.push(['close', ...close])
  }

  terminate(): void {
    this.calls.push(['terminate'])
  }
}

describe('Connection', () => {
  let log: RecordedLog
  let sessions: ScriptedSession[]
  let refuseConfig: AppError | null
  let told: string[]
  let connection: Connection

  const dial: Dial = ({ log: sessionLog, listener }) => {
    if (refuseConfig) throw refuseConfig
    const session = new ScriptedSession(
      sessionLog.openSession({ role: 'client', url: '', peer: '', local: '' }),
      listener,
    )
    sessions.push(session)
    return session
  }

  function make(config: Partial<ConnectionConfig> = {}): Connection {
    connection = new Connection({
      id: 'c1',
      name: 'peer',
      profileId: null,
      config: { ...defaultConfig('ws://peer/'), pingInterval: 0, ...config },
      draft: emptyDraft(),
      log,
      dial,
      listener: {
        onState: () => told.push('state'),
        onActivity: () => told.push('activity'),
        onLatency: () => told.push('latency'),
        onSnapshotChanged: () => told.push('snapshot'),
      },
    })
    return connection
  }

  const current = () => {
    const session = sessions.at(-1)
    if (!session) throw new Error('Nothing was dialled')
    return session
  }
  const state = () => connection.model.state
  const notes = () => log.rows.filter(({ kind }) => kind === 'note').map(({ text }) => text)
  const retry = { enabled: true, delay: 1000, maxAttempts: 0 }

  function open(config: Partial<ConnectionConfig> = {}): ScriptedSession {
    make(config).connect()
    current().opens()
    return current()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    log = recordLog()
    sessions = []
    refuseConfig = null
    told = []
  })

  afterEach(() => {
    vi.useRealTimers()
  })

  describe('states', () => {
    it('goes from closed over connecting, open and closing to closed', () => {
      make()
      expect(state()).toMatchObject({ phase: 'closed', since: null })
      connection.connect()
      expect(state()).toMatchObject({ phase: 'connecting', since: Date.now(), step: null })
      current().listener.onStep?.('tls')
      expect(state()).toMatchObject({ phase: 'connecting', step: 'tls' })
      vi.advanceTimersByTime(5)
      current().opens()
      expect(state()).toMatchObject({ phase: 'open', step: null, handshake, since: Date.now() })
      current().listener.onClosing?.()
      expect(state().phase).toBe('closing')
      current().ends()
      expect(state()).toMatchObject({ ...lost, phase: 'closed', handshake, nextAttemptAt: null })
    })

    it('replaces its state whenever a part changes', () => {
      open()
      const before = state()
      current().ends()
      expect(before.phase).toBe('open')
    })

    it('forgets the last end when it connects again, with a divider in the same log', () => {
      open().ends()
      connection.connect()
      expect(state()).toMatchObject({ phase: 'connecting', close: null, handshake: null })
      expect(log.rows).toMatchObject([{ kind: 'note', text: 'Connecting again', session: 2 }])
    })

    it('refuses to connect while it is not closed', () => {
      make().connect()
      const refused = expect.objectContaining({ code: 'ALREADY_CONNECTED' })
      expect(() => connection.connect()).toThrow(refused)
      current().opens()
      expect(() => connection.connect()).toThrow(refused)
      current().listener.onClosing?.()
      expect(() => connection.connect()).toThrow(refused)
    })

    it('stays closed and writes nothing when the configuration cannot be used', () => {
      refuseConfig = new AppError('URL_INVALID', 'no')
      make()
      expect(() => connection.connect()).toThrow(refuseConfig)
      expect(state()).toMatchObject({ phase: 'closed', since: null })
      expect(log.rows).toEqual([])
    })

    it('sums the counters of its sessions', () => {
      open().counters = { messagesIn: 1, messagesOut: 2, bytesIn: 3, bytesOut: 4 }
      current().ends()
      connection.connect()
      current().counters = { messagesIn: 10, messagesOut: 20, bytesIn: 30, bytesOut: 40 }
      expect(connection.model.counters).toEqual({
        messagesIn: 11,
        messagesOut: 22,
        bytesIn: 33,
        bytesOut: 44,
      })
    })
  })

  describe('ending', () => {
    it.each(['connecting', 'open'])('closes while %s, with the code and reason given', (phase) => {
      make().connect()
      if (phase === 'open') current().opens()
      connection.disconnect(4000, 'why')
      expect(current().calls).toEqual([['close', 4000, 'why']])
    })

    it('closes with 1000 unless told otherwise', () => {
      open()
      connection.disconnect()
      expect(current().calls).toEqual([['close', 1000, '']])
    })

    it('does nothing when there is nothing to end', () => {
      make()
      connection.disconnect()
      connection.terminate()
      expect(state().phase).toBe('closed')
    })

    it('checks the code and the reason in every state', () => {
      make()
      expect(() => connection.disconnect(1005)).toThrow(
        expect.objectContaining({ code: 'CLOSE_CODE_INVALID' }),
      )
      open()
      expect(() => connection.disconnect(1000, 'x'.repeat(124))).toThrow(
        expect.objectContaining({ code: 'CLOSE_REASON_TOO_LONG' }),
      )
      expect(current().calls).toEqual([])
    })

    it('terminates', () => {
      open()
      connection.terminate()
      expect(current().calls).toEqual([['terminate']])
    })

    it('leaves with a code, and destroys what does not answer in time', async () => {
      open()
      let left = false
      void connection.leave(1001, 500).then(() => (left = true))
      await vi.advanceTimersByTimeAsync(499)
      expect(current().calls).toEqual([['close', 1001, '']])
      await vi.advanceTimersByTimeAsync(1)
      expect(current().calls.at(-1)).toEqual(['terminate'])
      current().ends()
      await vi.advanceTimersByTimeAsync(0)
      expect(left).toBe(true)
    })
  })

  describe('retry', () => {
    it('connects again after the delay, counting attempts until it is open', () => {
      open({ retry }).ends()
      expect(state()).toMatchObject({
        phase: 'closed',
        attempt: 1,
        nextAttemptAt: Date.now() + 1000,
      })
      vi.advanceTimersByTime(1000)
      expect(state()).toMatchObject({ phase: 'connecting', attempt: 1, nextAttemptAt: null })
      current().ends()
      vi.advanceTimersByTime(1000)
      expect(state()).toMatchObject({ phase: 'connecting', attempt: 2 })
      expect(notes()).toEqual(['Reconnecting, attempt 1', 'Reconnecting, attempt 2'])
      current().opens()
      expect(state().attempt).toBe(0)
      current().ends()
      expect(state().attempt).toBe(1)
    })

    it('gives up after the attempts allowed', () => {
      make({ retry: { ...retry, maxAttempts: 2 } }).connect()
      for (let index = 0; index < 3; index += 1) {
        current().ends()
        vi.advanceTimersByTime(1000)
      }
      expect(sessions).toHaveLength(3)
      expect(state()).toMatchObject({ phase: 'closed', attempt: 0, nextAttemptAt: null })
      expect(notes().at(-1)).toBe('Not reconnected after 2 attempts')
    })

    it.each(['disconnect', 'terminate'] as const)('does not follow a %s', (how) => {
      open({ retry })
      connection[how]()
      current().ends()
      vi.advanceTimersByTime(10_000)
      expect(sessions).toHaveLength(1)
      expect(state()).toMatchObject({ attempt: 0, nextAttemptAt: null })
    })

    it('is off unless switched on', () => {
      open().ends()
      vi.advanceTimersByTime(10_000)
      expect(sessions).toHaveLength(1)
    })

    it.each(['disconnect', 'terminate'] as const)('is cancelled by %s while it waits', (how) => {
      open({ retry }).ends()
      connection[how]()
      vi.advanceTimersByTime(10_000)
      expect(sessions).toHaveLength(1)
      expect(state()).toMatchObject({ phase: 'closed', attempt: 0, nextAttemptAt: null })
      expect(notes()).toEqual(['Reconnecting was stopped'])
    })

    it('is cancelled by switching it off while it waits', () => {
      open({ retry }).ends()
      const { config } = connection.model
      connection.update({ config: { ...config, retry: { ...retry, enabled: false } } })
      vi.advanceTimersByTime(10_000)
      expect(sessions).toHaveLength(1)
    })

    it('makes way for a connect that is asked for', () => {
      open({ retry }).ends()
      connection.connect()
      expect(state()).toMatchObject({ phase: 'connecting', attempt: 0 })
      vi.advanceTimersByTime(10_000)
      expect(sessions).toHaveLength(2)
    })

    it('ends at a configuration that cannot be used, and says so', () => {
      open({ retry }).ends()
      refuseConfig = new AppError('URL_INVALID', 'The URL has no host.')
      vi.advanceTimersByTime(10_000)
      expect(state()).toMatchObject({ phase: 'closed', attempt: 0, nextAttemptAt: null })
      expect(log.rows).toMatchObject([
        { kind: 'error', text: 'Not reconnected: The URL has no host.' },
      ])
    })
  })

  describe('pings', () => {
    const sentPings = () => current().calls.filter(([call]) => call === 'ping')
    const lastPing = () => current().calls.at(-1)?.[1] as Uint8Array

    /** The socket takes the latest ping, and its pong comes back after `rtt` ms. */
    function answer(rtt: number): void {
      current().listener.onPingSent?.(lastPing(), performance.now())
      vi.advanceTimersByTime(rtt)
      current().listener.onPong?.(lastPing(), performance.now())
    }

    it('keep an open connection alive at the interval and measure it', () => {
      open({ pingInterval: 1000 })
      vi.advanceTimersByTime(999)
      expect(sentPings()).toHaveLength(0)
      vi.advanceTimersByTime(1)
      answer(20)
      vi.advanceTimersByTime(980)
      expect(sentPings()).toHaveLength(2)
      answer(30)
      expect(connection.latency).toMatchObject({ count: 2, last: 30, min: 20, jitter: 10 })
    })

    it('stop when the connection is closing', () => {
      open({ pingInterval: 1000 })
      current().listener.onClosing?.()
      vi.advanceTimersByTime(5000)
      expect(sentPings()).toHaveLength(0)
    })

    it('are not queued behind one that has not left', () => {
      open({ pingInterval: 1000 })
      vi.advanceTimersByTime(3000)
      expect(sentPings()).toHaveLength(1)
      answer(1)
      vi.advanceTimersByTime(1000)
      expect(sentPings()).toHaveLength(2)
    })

    it('follow a new interval at once', () => {
      open({ pingInterval: 0 })
      connection.update({ config: { ...connection.model.config, pingInterval: 50 } })
      vi.advanceTimersByTime(50)
      expect(sentPings()).toHaveLength(1)
    })

    it('count as lost after the timeout, with one note for several in a row', () => {
      open({ pingInterval: 0, pongTimeout: 500 })
      for (let index = 0; index < 2; index += 1) {
        connection.ping(Uint8Array.of(index))
        current().listener.onPingSent?.(lastPing(), performance.now())
      }
      vi.advanceTimersByTime(502)
      expect(connection.latency).toMatchObject({ lost: 2, pending: 0 })
      expect(notes()).toEqual(['No pong within 500 ms'])
    })

    it('carry the payload given, or one of their own', () => {
      open()
      connection.ping(Uint8Array.of(1, 2))
      expect(lastPing()).toEqual(Uint8Array.of(1, 2))
      connection.ping(new Uint8Array())
      expect(lastPing()).toHaveLength(8)
    })

    it('keep their figures over reconnects', () => {
      open({ pingInterval: 1000 })
      vi.advanceTimersByTime(1000)
      answer(20)
      current().ends()
      connection.connect()
      expect(connection.latency).toMatchObject({ count: 1, last: 20 })
    })
  })

  describe('sending', () => {
    it('refuses while it is not open', async () => {
      make()
      const refused = { code: 'NOT_OPEN' }
      await expect(connection.send('text', Buffer.from('x'), null)).rejects.toMatchObject(refused)
      expect(() => connection.ping(new Uint8Array())).toThrow(expect.objectContaining(refused))
      expect(() =>
        connection.startRepeat({
          opcode: 'text',
          format: 'text',
          content: '',
          interval: 1,
          total: 1,
        }),
      ).toThrow(expect.objectContaining(refused))
    })

    it('keeps what was sent in the history, and what failed not', async () => {
      open()
      const draft = { ...emptyDraft(), text: 'kept' }
      await connection.send('text', Buffer.from('kept'), draft)
      current().refuses = new AppError('SEND_FAILED', 'gone')
      await expect(
        connection.send('text', Buffer.from('x'), { ...draft, text: 'x' }),
      ).rejects.toThrow('gone')
      expect(connection.history.map(({ content }) => content)).toEqual(['kept'])
    })

    it('keeps its draft', () => {
      make().draft = { ...emptyDraft(), text: 'half a mess' }
      expect(connection.draft.text).toBe('half a mess')
      expect(told).toEqual(['snapshot'])
    })
  })

  describe('repeat', () => {
    const plan = {
      opcode: 'text',
      format: 'text',
      content: '{{counter}}',
      interval: 100,
      total: null,
    } as const
    const sentTexts = () =>
      current()
        .calls.filter(([call]) => call === 'send')
        .map(([, , payload]) => new TextDecoder().decode(payload as Uint8Array))

    it('sends until stopped, and shows how often', async () => {
      open()
      connection.startRepeat(plan)
      await vi.advanceTimersByTimeAsync(250)
      expect(sentTexts()).toEqual(['1', '2', '3'])
      expect(connection.model.repeat).toEqual({ sent: 3, total: null, interval: 100 })
      connection.stopRepeat()
      await vi.advanceTimersByTimeAsync(500)
      expect(sentTexts()).toHaveLength(3)
      expect(connection.model.repeat).toBeNull()
      expect(notes()).toEqual([])
    })

    it('ends at its total', async () => {
      open()
      connection.startRepeat({ ...plan, total: 2 })
      await vi.advanceTimersByTimeAsync(500)
      expect(sentTexts()).toEqual(['1', '2'])
      expect(connection.model.repeat).toBeNull()
    })

    it('stops when the connection closes, and says so', async () => {
      open({ retry })
      connection.startRepeat(plan)
      await vi.advanceTimersByTimeAsync(0)
      current().ends()
      await vi.advanceTimersByTimeAsync(1000)
      current().opens()
      await vi.advanceTimersByTimeAsync(1000)
      expect(sentTexts()).toEqual([])
      expect(connection.model.repeat).toBeNull()
      expect(notes()[0]).toBe('Repeat stopped after 1 sent: The connection was closed.')
    })

    it('stops at an error, and says which', async () => {
      open().refuses = new AppError('SEND_FAILED', 'The pipe is broken.')
      connection.startRepeat(plan)
      await vi.advanceTimersByTimeAsync(500)
      expect(connection.model.repeat).toBeNull()
      expect(notes()).toEqual(['Repeat stopped after 0 sent: The pipe is broken.'])
    })

    it('takes the place of the one before', async () => {
      open()
      connection.startRepeat(plan)
      connection.startRepeat({ ...plan, content: 'new' })
      await vi.advanceTimersByTimeAsync(100)
      expect(sentTexts()).toEqual(['1', 'new', 'new'])
    })

    it('goes on when a new one is refused', async () => {
      open()
      connection.startRepeat(plan)
      expect(() => connection.startRepeat({ ...plan, content: '{{nobody}}' })).toThrow(
        expect.objectContaining({ code: 'TEMPLATE_INVALID' }),
      )
      await vi.advanceTimersByTimeAsync(100)
      expect(sentTexts()).toEqual(['1', '2'])
    })
  })

  it('tells of its buffer until it is empty, and then no more', () => {
    open().bufferedAmount = 10
    current().listener.onActivity?.()
    told = []
    vi.advanceTimersByTime(250)
    expect(told).toEqual(['activity', 'activity'])
    current().bufferedAmount = 0
    vi.advanceTimersByTime(500)
    expect(told).toEqual(['activity', 'activity', 'activity'])
  })
})
