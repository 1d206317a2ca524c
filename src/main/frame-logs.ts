import { AppError } from '@shared/errors'
import type { LogState } from '@shared/model/capture'
import type { Captures } from './engine/captures/captures'
import type { FrameLog } from './engine/frame-log/frame-log'

interface KnownLog {
  readonly log: FrameLog
  readonly stopListening: () => void
}

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

  forget(id: string): void {
    this.#known.get(id)?.stopListening()
    this.#known.delete(id)
  }

  #know(log: FrameLog): FrameLog {
    if (this.#known.get(log.id)?.log === log) return log
    this.forget(log.id)
    const stopListening = log.onStateChange(() => this.#onState(log.state))
    this.#known.set(log.id, { log, stopListening })
    return log
  }
}
