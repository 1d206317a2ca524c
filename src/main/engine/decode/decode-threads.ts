import { AppError } from '@shared/errors'
import decodeWorkerPath from '../../workers/decode-worker?modulePath'
import { startWorker, type RunningWorker } from '../../workers/start-worker'
import { Pace } from '../pace'
import { owned } from './decode-failure'
import type { DecodeReply, DecodeRequest } from './decode-messages'

/** Threads at most, so that one slow payload does not hold up the next. */
const maxThreads = 2

/** Memory for JavaScript objects of one thread, in MiB. Payloads are not among them. */
const heapLimit = 1024

/** Time after which a thread that has nothing to do is let go, in milliseconds. */
const idleTime = 30_000

/** One request and the payload that goes before it. */
export interface DecodeJob {
  readonly payload: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  /** In words for the message, such as `Decoding`. */
  readonly title: string
  readonly request: DecodeRequest
}

interface WaitingJob extends DecodeJob {
  readonly resolve: (reply: DecodeReply) => void
  readonly reject: (error: unknown) => void
}

interface Thread {
  readonly worker: RunningWorker<DecodeRequest>
  job: WaitingJob | null
  timer: NodeJS.Timeout | undefined
}

/** Runs decoders in worker threads, which it starts when they are needed and ends when they hang. */
export class DecodeThreads {
  readonly #deadline: number
  readonly #threads = new Set<Thread>()
  readonly #waiting: WaitingJob[] = []
  #disposed = false

  /** @param deadline Most time of one job, in milliseconds, from when its payload is there. */
  constructor(deadline: number) {
    this.#deadline = deadline
  }

  /**
   * Hands a payload and a request to a thread. The pieces of the payload move there: they are empty
   * afterwards, unless they are views of larger buffers.
   * @throws {AppError} DECODE_FAILED (refused, too slow, too much memory), BACKEND_GONE, and what the
   * payload itself throws.
   */
  run(job: DecodeJob): Promise<DecodeReply> {
    return new Promise((resolve, reject) => {
      if (this.#disposed) return reject(gone())
      this.#waiting.push({ ...job, resolve, reject })
      this.#next()
    })
  }

  async dispose(): Promise<void> {
    this.#disposed = true
    for (const { reject } of this.#waiting.splice(0)) reject(gone())
    await Promise.all([...this.#threads].map((thread) => this.#end(thread, gone())))
  }

  #next(): void {
    const job = this.#waiting[0]
    if (!job) return
    const idle = [...this.#threads].find((thread) => !thread.job)
    if (!idle && this.#threads.size === maxThreads) return
    this.#waiting.shift()
    void this.#work(idle ?? this.#start(), job)
  }

  #start(): Thread {
    const worker = startWorker<DecodeRequest, DecodeReply>(decodeWorkerPath, {
      name: 'decode',
      heapLimit,
      onReply: (reply) => this.#finish(thread, reply),
      onFailure: (error) => void this.#end(thread, failed(thread.job, error)),
    })
    const thread: Thread = { worker, job: null, timer: undefined }
    this.#threads.add(thread)
    return thread
  }

  async #work(thread: Thread, job: WaitingJob): Promise<void> {
    thread.job = job
    clearTimeout(thread.timer)
    const pace = new Pace()
    try {
      for await (const piece of job.payload) {
        // A payload in memory comes without ever letting anybody else have a turn.
        if (pace.due) await pace.rest()
        if (thread.job !== job) return
        const bytes = owned(piece)
        thread.worker.post({ kind: 'piece', bytes }, [bytes.buffer])
      }
    } catch (error) {
      // What has arrived of the payload must not become part of the next.
      return this.#end(thread, error)
    }
    if (thread.job !== job) return
    thread.timer = setTimeout(() => void this.#end(thread, this.#tooSlow(job)), this.#deadline)
    thread.worker.post(job.request)
  }

  #finish(thread: Thread, reply: DecodeReply): void {
    const { job } = thread
    thread.job = null
    clearTimeout(thread.timer)
    thread.timer = setTimeout(() => void this.#end(thread, null), idleTime).unref()
    if (reply.kind === 'refused') job?.reject(new AppError('DECODE_FAILED', reply.message))
    else job?.resolve(reply)
    this.#next()
  }

  async #end(thread: Thread, reason: unknown): Promise<void> {
    const { job } = thread
    thread.job = null
    clearTimeout(thread.timer)
    this.#threads.delete(thread)
    job?.reject(reason)
    this.#next()
    await thread.worker.stop()
  }

  #tooSlow({ title }: DecodeJob): AppError {
    const seconds = this.#deadline / 1000
    const limit = seconds === 1 ? '1 second' : `${seconds} seconds`
    return new AppError('DECODE_FAILED', `${title} took longer than ${limit} and was stopped.`)
  }
}

function failed(job: DecodeJob | null, error: Error): AppError {
  const outOfMemory = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
  const title = job?.title ?? 'Decoding'
  return outOfMemory
    ? new AppError('DECODE_FAILED', `${title} took more than ${heapLimit} MiB and was stopped.`)
    : new AppError('INTERNAL', `${title} failed unexpectedly.`, { cause: error })
}

function gone(): AppError {
  return new AppError('BACKEND_GONE', 'Framescope is closing.')
}
