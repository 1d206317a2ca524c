import type { HighlightRange, HighlightTerm } from '@shared/filter/highlight'
import type { HighlightReply, HighlightRequest } from './highlight-messages'
import workerUrl from './highlight-worker?worker&url'
import { startWorker } from './start-worker'

/** Longest time for one request, in milliseconds. */
const deadline = 200

/** Longest wait for a worker that starts; a busy machine takes its time. */
const startDeadline = 5000

/** Where expressions match in a text; `null` when they took too long or cannot be run. */
type Answer = readonly HighlightRange[] | null

interface Question {
  readonly text: string
  readonly resolve: (answer: Answer) => void
}

interface Batch {
  readonly key: string
  readonly terms: readonly HighlightTerm[]
  readonly limit: number
  readonly whole: boolean
  readonly questions: Question[]
}

/**
 * Runs regular expressions where they can be stopped: in a worker that is ended when it does not
 * answer in time. Expressions that were stopped are not tried again. What is asked in one turn for
 * the same expressions goes as one request.
 */
export class RegexHighlighter {
  readonly #start: () => Worker
  readonly #stopped = new Set<string>()
  #waiting: Batch[] = []
  #running: Batch | undefined
  #worker: Worker | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(start: () => Worker = () => startWorker(workerUrl)) {
    this.#start = start
  }

  /** @param whole as for `findHighlights`. */
  find(
    text: string,
    terms: readonly HighlightTerm[],
    limit: number,
    whole: boolean,
  ): Promise<Answer> {
    const key = JSON.stringify([limit, whole, terms])
    if (this.#stopped.has(key)) return Promise.resolve(null)
    return new Promise((resolve) => {
      const batch = this.#waiting.find((one) => one.key === key)
      if (batch) return void batch.questions.push({ text, resolve })
      this.#waiting.push({ key, terms, limit, whole, questions: [{ text, resolve }] })
      queueMicrotask(() => this.#next())
    })
  }

  #next(): void {
    if (this.#running || this.#waiting.length === 0) return
    if (!this.#worker) return this.#open()
    const batch = this.#waiting.shift()
    if (!batch) return
    this.#running = batch
    this.#timer = setTimeout(() => this.#fail(), deadline)
    this.#worker.postMessage({
      texts: batch.questions.map(({ text }) => text),
      terms: batch.terms,
      limit: batch.limit,
      whole: batch.whole,
    } satisfies HighlightRequest)
  }

  #open(): void {
    // The start is the worker's first piece of work, without questions of its own.
    this.#running = { key: '', terms: [], limit: 0, whole: true, questions: [] }
    this.#timer = setTimeout(() => this.#fail(), startDeadline)
    try {
      this.#worker = this.#start()
    } catch {
      return this.#fail()
    }
    this.#worker.onmessage = ({ data }: MessageEvent<HighlightReply>) =>
      this.#settle(data === 'ready' ? [] : data)
    this.#worker.onerror = () => this.#fail()
  }

  /** Ends the worker and gives up what it was at; without a worker everything that waits. */
  #fail(): void {
    const wasStarting = this.#running?.key === ''
    if (this.#running && !wasStarting) this.#stopped.add(this.#running.key)
    this.#worker?.terminate()
    this.#worker = undefined
    if (wasStarting) for (const batch of this.#waiting.splice(0)) answer(batch, [])
    this.#settle([])
  }

  #settle(answers: readonly Answer[]): void {
    clearTimeout(this.#timer)
    const batch = this.#running
    this.#running = undefined
    if (batch) answer(batch, answers)
    this.#next()
  }
}

function answer({ questions }: Batch, answers: readonly Answer[]): void {
  questions.forEach(({ resolve }, index) => resolve(answers[index] ?? null))
}
