import { Flow } from './flow'

/**
 * Passes on what was read from the socket, as its flow lets it. The socket is not read while something
 * waits, which is then no more than it had read already.
 */
export class InFlow {
  readonly flow = new Flow(() => this.#pump())
  readonly #pass: (chunk: Buffer | null) => void
  readonly #stopReading: (stopped: boolean) => void
  #waiting: (Buffer | null)[] = []
  #isStopped = false
  #isPumping = false
  #isOver = false

  constructor(pass: (chunk: Buffer | null) => void, stopReading: (stopped: boolean) => void) {
    this.#pass = pass
    this.#stopReading = stopReading
  }

  get isLimited(): boolean {
    return this.flow.isLimited || this.#waiting.length > 0
  }

  read(chunk: Buffer | null): void {
    this.#waiting.push(chunk)
    this.#pump()
  }

  stop(): void {
    this.#isOver = true
    this.flow.stop()
    this.#waiting = []
  }

  #pump(): void {
    if (this.#isPumping || this.#isOver) return
    this.#isPumping = true
    let portion = this.flow.portion()
    while (portion > 0 && this.#waiting.length > 0) {
      const chunk = this.#waiting.shift() ?? null
      const part = chunk?.subarray(0, portion) ?? null
      if (chunk && part && part.length < chunk.length)
        this.#waiting.unshift(chunk.subarray(part.length))
      this.flow.passed(part?.length ?? 0)
      this.#pass(part)
      portion = this.flow.portion()
    }
    this.#isPumping = false
    // Blocked, the socket is not even asked whether there is something.
    const stopped = portion === 0 && (this.#waiting.length > 0 || this.flow.isLimited)
    if (stopped === this.#isStopped) return
    this.#isStopped = stopped
    this.#stopReading(stopped)
  }
}
