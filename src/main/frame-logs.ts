import { AppError } from '@shared/errors'
import type { LogState } from '@shared/model/capture'
import type { Captures } from './engine/captures/captures'
import type { FrameLog } from './engine/frame-log/frame-log'

interface KnownLog {
  readonly log: FrameLog
  readonly stopListening: () => void
  /** Waits for a pause of reading to last; while it does, nobody is told of the pause. */
  pausing: NodeJS.Timeout | undefined
}

/** Milliseconds after which a pause of reading is told; a flood makes many short ones. */
const lastingPause = 250

/** The logs that can be looked at: those of connections and of the local server, and opened captures. */
export class FrameLogs {
  readonly #captures: Captures
  readonly #onState: (state: LogState) => void
  readonly #known = new Map<string, KnownLog>()

  /** `onState` is told whenever the state of a log changed. */
  constructor(captures: Captures, onState: (state: LogState) => void) {
    this.#captures = captures
    this.#onState = onState
  }

  /**
   * A log that is written to; whoever has it made disposes it.
   * @param title of what it belongs to, asked when it is needed.
   */
  create(title: () => string): FrameLog {
    return this.#know(this.#captures.create(title))
  }

  /** @throws {AppError} NOT_FOUND, CAPTURE_UNREADABLE. */
  async openCapture(captureId: string): Promise<FrameLog> {
    return this.#know(await this.#captures.open(captureId))
  }

  find(id: string): FrameLog | undefined {
    return this.#known.get(id)?.log
  }

  /** @throws {AppError} NOT_FOUND. */
  require(id: string): FrameLog {
    const log = this.find(id)
    if (log) return log
    throw new AppError('NOT_FOUND', 'The traffic does not exist any more.')
  }

  /** How a log keeps its rows, without pauses of reading too short to be seen. */
  stateOf(log: FrameLog): LogState {
    const { state } = log
    const unseen = state.storage === 'held' && this.#known.get(log.id)?.pausing !== undefined
    return unseen ? { ...state, storage: 'disk' } : state
  }

  forget(id: string): void {
    const known = this.#known.get(id)
    clearTimeout(known?.pausing)
    known?.stopListening()
    this.#known.delete(id)
  }

  #know(log: FrameLog): FrameLog {
    if (this.#known.get(log.id)?.log === log) return log
    this.forget(log.id)
    const stopListening = log.onStateChange(() => this.#stateChanged(known))
    const known: KnownLog = { log, stopListening, pausing: undefined }
    this.#known.set(log.id, known)
    return log
  }

  #stateChanged(known: KnownLog): void {
    const { storage, problem } = known.log.state
    const wasPausing = known.pausing !== undefined
    clearTimeout(known.pausing)
    known.pausing = undefined
    if (storage === 'held') {
      known.pausing = setTimeout(() => {
        known.pausing = undefined
        this.#onState(known.log.state)
      }, lastingPause)
    } else if (!wasPausing || storage !== 'disk' || problem !== null) this.#onState(known.log.state)
  }
}
