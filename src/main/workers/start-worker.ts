import { Worker, type Transferable } from 'node:worker_threads'

/** What a worker thread is started with. */
export interface WorkerOptions<Reply> {
  /** What debuggers and crash reports call the thread. */
  readonly name: string
  /** Handed over as a structured clone; see {@link workerPort}. */
  readonly data?: unknown
  /** Most memory its JavaScript objects may take, in MiB; beyond it the worker fails. */
  readonly heapLimit?: number
  /** Hears every reply, in order. */
  readonly onReply: (reply: Reply) => void
  /**
   * The thread ended without having been stopped: an error nobody caught, the memory limit, or
   * `process.exit`. Called at most once, and never after {@link RunningWorker.stop}.
   */
  readonly onFailure: (error: Error) => void
}

/** The engine's end of a worker thread. */
export interface RunningWorker<Request> {
  /** Sends a request. What `transfer` names moves instead of being copied and is empty here after. */
  post(request: Request, transfer?: readonly Transferable[]): void
  /** Ends the thread at once, whatever it is doing. May be called again. */
  stop(): Promise<void>
}

/**
 * Starts a worker thread.
 *
 * @param path What `import path from '../workers/some-worker?modulePath'` gives.
 */
export function startWorker<Request, Reply>(
  path: string,
  options: WorkerOptions<Reply>,
): RunningWorker<Request> {
  const { name, data, heapLimit, onReply, onFailure } = options
  const worker = new Worker(path, {
    name,
    workerData: data,
    // Flags of the process, such as those of a test runner, are not meant for a worker.
    execArgv: [],
    ...(heapLimit !== undefined && { resourceLimits: { maxOldGenerationSizeMb: heapLimit } }),
  })
  let over = false

  function fail(error: Error): void {
    if (over) return
    over = true
    onFailure(error)
  }

  worker.on('message', (reply: Reply) => {
    if (!over) onReply(reply)
  })
  worker.on('messageerror', fail)
  worker.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => fail(new Error(`The worker “${name}” ended with code ${code}.`)))
  return {
    post: (request, transfer = []) => worker.postMessage(request, transfer),
    async stop() {
      over = true
      await worker.terminate()
    },
  }
}
