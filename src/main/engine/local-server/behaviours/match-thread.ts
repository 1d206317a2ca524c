import matchWorkerPath from '../../../workers/match-worker?modulePath'
import { startWorker, type RunningWorker } from '../../../workers/start-worker'
import { ScanControl, type ScanPlace } from '../../frame-view/scan-control'
import { noRule, type MatchReply, type MatchRequest, type MatchTask } from './match-messages'

/** How long the rules may stay on one message, in milliseconds. */
export const matchLimit = 100

/** How often the engine looks where a busy thread is, in milliseconds. */
const lookInterval = 10

/** Most memory that the objects of a thread may take, in MiB. */
const heapLimit = 1024

/** A message that waits for its rule. */
export interface AskedMessage {
  readonly isText: boolean
  /** Stays as it is until the message is decided. */
  readonly payload: Uint8Array
}

export interface MatchListener<Asked> {
  /** The first rule that the message meets, `noRule` for none; in the order of asking. */
  decided(asked: Asked, rule: number): void
  /** The rule is out of the question from now on: it took too long (the limit), or the thread failed. */
  switchedOff(rule: number, asked: Asked, cause: number | Error): void
  /** The thread failed without a rule to blame; what was asked of it meets none. */
  failed(asked: Asked, error: Error): void
}

interface Batch<Asked> {
  readonly first: number
  readonly messages: readonly Asked[]
}

/**
 * Finds off the main thread the first rule that each message meets, watched so that no expression
 * hangs it: the thread is ended, the rule switched off, and the others go on in a new thread.
 */
export class MatchThread<Asked extends AskedMessage> {
  readonly #matches: MatchTask['matches'][number][]
  readonly #listener: MatchListener<Asked>
  #control = new ScanControl()
  #worker: RunningWorker<MatchRequest> | null = null
  #asked: Asked[] = []
  #batches: Batch<Asked>[] = []
  #next = 0
  #flush: NodeJS.Immediate | undefined
  #watch: NodeJS.Timeout | undefined
  #lastRow = -1
  #lastMove = 0
  #looks = 0

  constructor(matches: MatchTask['matches'], listener: MatchListener<Asked>) {
    this.#matches = [...matches]
    this.#listener = listener
  }

  /** Has the thread ready before the first message. */
  prepare(): void {
    this.#worker ??= this.#start()
  }

  /** Messages of one turn of the event loop go to the thread together. */
  ask(asked: Asked): void {
    this.#asked.push(asked)
    this.#flush ??= setImmediate(() => this.#send())
  }

  /** Nothing is decided any more. */
  stop(): void {
    clearImmediate(this.#flush)
    this.#asked = []
    this.#batches = []
    this.#end()
  }

  #start(): RunningWorker<MatchRequest> {
    this.#control = new ScanControl()
    const task: MatchTask = { control: this.#control.shared, matches: this.#matches }
    return startWorker<MatchRequest, MatchReply>(matchWorkerPath, {
      name: 'match',
      data: task,
      heapLimit,
      onReply: (found) => this.#replied(found),
      onFailure: (error) => this.#failed(error),
    })
  }

  #send(): void {
    this.#flush = undefined
    const batch = { first: this.#next, messages: this.#asked }
    this.#asked = []
    this.#next = batch.first + batch.messages.length
    // Rows are numbers of 32 bits.
    if (this.#next > 0x7000_0000) this.#next = 0
    this.#batches.push(batch)
    this.#post(batch)
  }

  #post({ first, messages }: Batch<Asked>): void {
    this.prepare()
    this.#watch ??= setInterval(() => this.#look(), lookInterval).unref()
    const ends: number[] = []
    let length = 0
    for (const { payload } of messages) ends.push((length += payload.length))
    const bytes = new Uint8Array(length)
    messages.forEach(({ payload }, index) =>
      bytes.set(payload, (ends[index] ?? 0) - payload.length),
    )
    const isText = messages.map((message) => message.isText)
    this.#worker?.post({ first, bytes, ends, isText }, [bytes.buffer])
  }

  #replied(found: MatchReply): void {
    const batch = this.#batches.shift()
    if (this.#batches.length === 0) this.#stopWatch()
    batch?.messages.forEach((asked, index) => this.#listener.decided(asked, found[index] ?? noRule))
  }

  #look(): void {
    const { place } = this.#control
    const { row, term } = place
    const now = performance.now()
    if (term < 0 || row !== this.#lastRow) {
      this.#lastRow = term < 0 ? -1 : row
      this.#lastMove = now
      this.#looks = 0
      return
    }
    this.#looks += 1
    // A loop that was held up itself cannot tell how long the thread was really at work.
    if (now - this.#lastMove > matchLimit && this.#looks * lookInterval * 2 > matchLimit)
      this.#switchOff(place, matchLimit)
  }

  #failed(error: Error): void {
    const { place } = this.#control
    if (place.term >= 0) return this.#switchOff(place, error)
    this.#end()
    const messages = this.#batches.splice(0).flatMap((batch) => batch.messages)
    const [first] = messages
    if (first) this.#listener.failed(first, error)
    for (const asked of messages) this.#listener.decided(asked, noRule)
  }

  #switchOff({ row, term }: ScanPlace, cause: number | Error): void {
    this.#end()
    const batch = this.#batches.find(
      ({ first, messages }) => row >= first && row < first + messages.length,
    )
    const asked = batch?.messages[row - batch.first]
    this.#matches[term] = null
    for (const waiting of this.#batches) this.#post(waiting)
    if (asked) this.#listener.switchedOff(term, asked, cause)
  }

  #end(): void {
    this.#stopWatch()
    void this.#worker?.stop()
    this.#worker = null
  }

  #stopWatch(): void {
    clearInterval(this.#watch)
    this.#watch = undefined
    this.#lastRow = -1
  }
}
