import type { Input, SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import {
  neverConnected,
  type Connection as ConnectionModel,
  type ConnectionConfig,
  type ConnectionState,
  type Counters,
  type DataOpcode,
  type Draft,
  type HistoryEntry,
} from '@shared/model/connection'
import type { LatencyStats } from '@shared/model/latency'
import type { FrameLog } from '../frame-log/frame-log'
import { Heartbeat } from '../latency/heartbeat'
import { BufferWatch } from './buffer-watch'
import { checkClose } from './close-check'
import { addCounters, noCounters } from './counters'
import { History } from './history'
import { Occurrence } from './occurrence'
import { ReadingPause } from './reading-pause'
import { Repeat, type RepeatPlan } from './repeat'
import type { Session, SessionEnd, SessionListener } from './session'
import { appendEvent } from './event-row'

/**
 * Starts a client session, which reports nothing before this has returned; throws an
 * {@link AppError} for a configuration that cannot be used.
 */
export type Dial = (request: {
  readonly config: ConnectionConfig
  readonly log: FrameLog
  readonly listener: SessionListener
}) => Session

/** Hears of changes. Called synchronously; must be cheap. */
export interface ConnectionListener {
  /** The configuration, the state or the repeat changed: worth telling at once. */
  onState(): void
  /** Counters or the buffered amount may have changed. */
  onActivity(): void
  onLatency(): void
  /** What a restart should bring back changed: name, profile, configuration or draft. */
  onSnapshotChanged(): void
}

export interface ConnectionOptions {
  readonly id: string
  readonly name: string
  readonly profileId: string | null
  readonly config: ConnectionConfig
  readonly draft: Draft
  readonly log: FrameLog
  readonly dial: Dial
  readonly listener: ConnectionListener
}

/** What of a tab can be changed; the rest stays. */
export type ConnectionChange = Omit<Input<'connections.update'>, 'connectionId'>

/** Bytes waiting for the socket beyond which a repeat leaves out beats. */
const repeatBacklog = 64 * 1024 * 1024

/** Milliseconds a destroyed socket may take to say so. */
const terminatePatience = 250

/** What one dial led to. */
interface Attempt {
  readonly session: Session
  /** Whether its end was asked for here. */
  endedHere: boolean
}

/**
 * One tab: a configuration, a log, and one session after the other. Counters, latency, draft and
 * history go on over reconnects.
 */
export class Connection {
  readonly id: string
  readonly log: FrameLog
  readonly #dial: Dial
  readonly #listener: ConnectionListener
  readonly #heartbeat: Heartbeat
  readonly #buffer: BufferWatch
  readonly #readingPause: ReadingPause
  readonly #history = new History()
  readonly #end = new Occurrence()
  #name: string
  #profileId: string | null
  #config: ConnectionConfig
  #draft: Draft
  #state: ConnectionState = neverConnected()
  #attempt: Attempt | null = null
  /** Of the latest session, for rows that belong to none. */
  #sessionNumber = 0
  /** Of the sessions that are over. */
  #counters: Counters = noCounters()
  #binaryType = 'nodebuffer'
  #retryTimer: NodeJS.Timeout | undefined
  #repeat: Repeat | null = null

  constructor(options: ConnectionOptions) {
    this.id = options.id
    this.log = options.log
    this.#dial = options.dial
    this.#listener = options.listener
    this.#name = options.name
    this.#profileId = options.profileId
    this.#config = options.config
    this.#draft = options.draft
    this.#heartbeat = new Heartbeat(options.config, {
      onChange: () => this.#listener.onLatency(),
      onSilence: () => this.#note(`No pong within ${this.#config.pongTimeout} ms`),
    })
    this.#readingPause = new ReadingPause(options.log, () => this.#sessionNumber)
    this.#buffer = new BufferWatch(
      () => this.#session?.bufferedAmount ?? 0,
      () => this.#listener.onActivity(),
    )
  }

  /** Everything the interface sees of the tab, as plain data. */
  get model(): ConnectionModel {
    const session = this.#session
    return {
      id: this.id,
      name: this.#name,
      profileId: this.#profileId,
      config: this.#config,
      logId: this.log.id,
      state: this.#state,
      counters: session ? addCounters(this.#counters, session.counters) : this.#counters,
      bufferedAmount: session?.bufferedAmount ?? 0,
      binaryType: session?.binaryType ?? this.#binaryType,
      repeat: this.#repeat?.state ?? null,
    }
  }

  get draft(): Draft {
    return this.#draft
  }

  set draft(draft: Draft) {
    this.#draft = draft
    this.#listener.onSnapshotChanged()
  }

  /** What was sent, latest first. */
  get history(): readonly HistoryEntry[] {
    return this.#history.entries
  }

  get latency(): LatencyStats {
    return this.#heartbeat.stats
  }

  /**
   * Changes the tab. Ping and retry settings are in force at once, the rest of the configuration from
   * the next connect on.
   */
  update(change: ConnectionChange): void {
    this.#name = change.name ?? this.#name
    if (change.profileId !== undefined) this.#profileId = change.profileId
    if (change.config) {
      this.#config = change.config
      this.#heartbeat.configure(change.config)
      if (!change.config.retry.enabled) this.#cancelRetry()
    }
    this.#listener.onSnapshotChanged()
    this.#listener.onState()
  }

  /**
   * Starts connecting; ends the wait of a retry.
   * @throws {AppError} ALREADY_CONNECTED, and what `dial` throws: URL_INVALID, SUBPROTOCOL_INVALID,
   * HEADER_INVALID, SECRET_MISSING.
   */
  connect(): void {
    if (this.#state.phase !== 'closed') {
      throw new AppError(
        'ALREADY_CONNECTED',
        this.#state.phase === 'closing'
          ? 'The connection is still closing. Connect again once it is closed.'
          : `The connection is already ${this.#state.phase}. Disconnect first.`,
      )
    }
    this.#begin(0, this.#sessionNumber > 0 ? 'Connecting again' : null)
  }

  /**
   * Starts the closing handshake, cancels an attempt, or stops retrying, whatever is under way.
   * @param code what goes into the close frame; without one, 1000.
   * @throws {AppError} CLOSE_CODE_INVALID, CLOSE_REASON_TOO_LONG.
   */
  disconnect(code = 1000, reason = ''): void {
    checkClose(code, reason)
    this.#cancelRetry()
    if (!this.#attempt) return
    this.#attempt.endedHere = true
    this.#attempt.session.close(code, reason)
  }

  /** Destroys the socket without a closing handshake; stops retrying. */
  terminate(): void {
    this.#cancelRetry()
    if (!this.#attempt) return
    this.#attempt.endedHere = true
    this.#attempt.session.terminate()
  }

  /**
   * Ends the connection for good: closes it with a code and destroys it if that takes longer than
   * `patience` ms. Never rejects.
   */
  async leave(code: number, patience: number): Promise<void> {
    this.disconnect(code)
    if (!this.#attempt || (await this.#end.within(patience))) return
    this.terminate()
    if (this.#attempt) await this.#end.within(terminatePatience)
  }

  /** Lets go of the log, once the connection has ended for good. */
  async dispose(): Promise<void> {
    this.#readingPause.stop()
    await this.log.dispose()
  }

  /**
   * Sends one message and keeps its draft in the history.
   * @throws {AppError} NOT_OPEN, PAYLOAD_INVALID, SEND_FAILED.
   */
  async send(opcode: DataOpcode, payload: Uint8Array, draft: Draft | null): Promise<SendOutcome> {
    const outcome = await this.#openSession().send(opcode, payload)
    if (draft) this.#history.add(draft, Date.now())
    return outcome
  }

  /**
   * Sends a ping. An empty payload is replaced by one that no other ping has, so that its pong cannot
   * be taken for another's.
   * @throws {AppError} NOT_OPEN, PING_TOO_LONG.
   */
  ping(payload: Uint8Array): void {
    this.#openSession().ping(payload.byteLength > 0 ? payload : this.#heartbeat.uniquePayload())
  }

  /**
   * Sends a message now and then every `interval` ms, in place of a repeat that is under way.
   * @throws {AppError} NOT_OPEN, TEMPLATE_INVALID, PAYLOAD_INVALID.
   */
  startRepeat(plan: RepeatPlan): void {
    const session = this.#openSession()
    const repeat = new Repeat({
      plan,
      send: async (opcode, payload) => session.send(opcode, payload),
      isBackedUp: () => session.bufferedAmount > repeatBacklog,
      onProgress: () => this.#listener.onActivity(),
      onEnd: (error) => this.#repeatEnded(error),
    })
    this.#repeat?.stop()
    this.#repeat = repeat
    const { format, content, opcode } = plan
    const isText = format === 'text' || format === 'json'
    this.#history.record({ time: Date.now(), format, content, opcode: isText ? 'text' : opcode })
    repeat.start()
    this.#listener.onState()
  }

  stopRepeat(): void {
    if (!this.#repeat) return
    this.#repeat.stop()
    this.#repeat = null
    this.#listener.onState()
  }

  get #session(): Session | null {
    return this.#attempt?.session ?? null
  }

  #openSession(): Session {
    const session = this.#session
    if (session && this.#state.phase === 'open') return session
    throw new AppError(
      'NOT_OPEN',
      `The connection is ${this.#state.phase}, not open. Connect before sending.`,
    )
  }

  /** @param number 0 when asked for, else which retry it is. */
  #begin(number: number, divider: string | null): void {
    const listener = this.#sessionListener()
    const session = this.#dial({ config: this.#config, log: this.log, listener })
    this.#cancelTimer()
    this.#attempt = { session, endedHere: false }
    this.#sessionNumber = session.number
    if (divider) this.#note(divider)
    this.#change({
      ...neverConnected(),
      phase: 'connecting',
      since: Date.now(),
      attempt: number,
    })
  }

  #sessionListener(): SessionListener {
    return {
      onStep: (step) => this.#change({ ...this.#state, step }),
      onOpen: (handshake) => {
        this.#enter('open', { attempt: 0, handshake })
        this.#heartbeat.begin((payload) => this.#keepAlive(payload))
      },
      onClosing: () => {
        this.#heartbeat.pause()
        this.#enter('closing', {})
      },
      onPingSent: (payload, time) => this.#heartbeat.sent(payload, time),
      onPong: (payload, time) => this.#heartbeat.received(payload, time),
      onActivity: () => {
        this.#buffer.look()
        this.#listener.onActivity()
      },
      onClosed: (end) => this.#closed(end),
    }
  }

  /** @returns whether a ping was sent. While nothing is read its pong would count as lost. */
  #keepAlive(payload: Uint8Array): boolean {
    const session = this.#session
    if (session?.phase !== 'open' || this.#readingPause.isLong) return false
    session.ping(payload)
    return true
  }

  #closed(end: SessionEnd): void {
    const attempt = this.#attempt
    if (!attempt) return
    this.#counters = addCounters(this.#counters, attempt.session.counters)
    this.#binaryType = attempt.session.binaryType
    this.#attempt = null
    this.#buffer.stop()
    this.#heartbeat.end()
    if (this.#repeat) this.#repeatEnded(new Error('The connection was closed.'))
    const retry = attempt.endedHere ? 0 : this.#nextRetry()
    this.#enter('closed', {
      ...end,
      attempt: retry,
      nextAttemptAt: retry > 0 ? Date.now() + this.#config.retry.delay : null,
    })
    if (retry > 0) this.#retryTimer = setTimeout(() => this.#retry(retry), this.#config.retry.delay)
    this.#end.happened()
  }

  /** The number of the retry to come, from 1; 0 when there is to be none. */
  #nextRetry(): number {
    const { enabled, maxAttempts } = this.#config.retry
    if (!enabled) return 0
    const next = this.#state.attempt + 1
    if (maxAttempts === 0 || next <= maxAttempts) return next
    this.#note(`Not reconnected after ${maxAttempts} ${maxAttempts === 1 ? 'attempt' : 'attempts'}`)
    return 0
  }

  #retry(number: number): void {
    try {
      this.#begin(number, `Reconnecting, attempt ${number}`)
    } catch (error) {
      // The configuration was changed meanwhile to one that cannot be used.
      const reason = error instanceof Error ? error.message : String(error)
      appendEvent(this.log, this.#sessionNumber, 'error', `Not reconnected: ${reason}`)
      this.#change({ ...this.#state, attempt: 0, nextAttemptAt: null })
    }
  }

  #cancelRetry(): void {
    if (this.#state.nextAttemptAt === null) return
    this.#cancelTimer()
    this.#note('Reconnecting was stopped')
    this.#change({ ...this.#state, attempt: 0, nextAttemptAt: null })
  }

  #cancelTimer(): void {
    clearTimeout(this.#retryTimer)
  }

  #repeatEnded(error: unknown): void {
    const sent = this.#repeat?.state.sent ?? 0
    this.#repeat?.stop()
    this.#repeat = null
    if (error !== null) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#note(`Repeat stopped after ${sent} sent: ${reason}`)
    }
    this.#listener.onState()
  }

  #note(text: string): void {
    appendEvent(this.log, this.#sessionNumber, 'note', text)
  }

  #enter(phase: ConnectionState['phase'], part: Partial<ConnectionState>): void {
    this.#change({ ...this.#state, ...part, phase, since: Date.now(), step: null })
  }

  #change(state: ConnectionState): void {
    this.#state = state
    this.#listener.onState()
  }
}
