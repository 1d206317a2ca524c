import type { SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import { Queue } from '../wire/queue'

/** How long a send waits for its bytes to be written before it is `queued`, in milliseconds. */
const patience = 250

/** A message that was given to `ws` and whose bytes are perhaps not written yet. */
export class PendingSend {
  readonly deadline = performance.now() + patience
  readonly outcome: Promise<SendOutcome>
  readonly #bufferedAmount: () => number
  #resolve: (outcome: SendOutcome) => void = () => undefined
  #reject: (error: AppError) => void = () => undefined
  #isSettled = false

  constructor(bufferedAmount: () => number) {
    this.#bufferedAmount = bufferedAmount
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  get isSettled(): boolean {
    return this.#isSettled
  }

  /** `ws` has written it, or failed to. */
  settle(error: Error | null | undefined): void {
    if (!error) return this.resolve('written')
    this.#isSettled = true
    const message = 'The connection ended before the message was written.'
    this.#reject(new AppError('SEND_FAILED', message, { cause: error }))
  }

  resolve(fate: SendOutcome['fate']): void {
    this.#isSettled = true
    this.#resolve({ fate, bufferedAmount: this.#bufferedAmount() })
  }
}

/**
 * The sends of one session that may take too long. One timer serves them all: most are written at
 * once, and a timer for each would cost more than the rest of a small message.
 */
export class PendingSends {
  readonly #bufferedAmount: () => number
  /** In the order of their deadlines; those that are settled go when theirs has come. */
  readonly #sends = new Queue<PendingSend>()
  #timer: NodeJS.Timeout | undefined

  constructor(bufferedAmount: () => number) {
    this.#bufferedAmount = bufferedAmount
  }

  begin(): PendingSend {
    const send = new PendingSend(this.#bufferedAmount)
    this.#sends.push(send)
    this.#timer ??= setTimeout(() => this.#look(), patience).unref()
    return send
  }

  #look(): void {
    this.#timer = undefined
    const now = performance.now()
    for (;;) {
      const send = this.#sends.peek()
      if (!send) return
      if (!send.isSettled) {
        const left = send.deadline - now
        // A timer may come a little early.
        if (left > 1) {
          this.#timer = setTimeout(() => this.#look(), left).unref()
          return
        }
        send.resolve('queued')
      }
      this.#sends.shift()
    }
  }
}
