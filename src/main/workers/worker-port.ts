import { parentPort, workerData, type Transferable } from 'node:worker_threads'

/** A worker's own end of the line to the engine. */
export interface WorkerPort<Request, Reply> {
  /** What the worker was started with. */
  readonly data: unknown
  onRequest(listener: (request: Request) => void): void
  /** Sends a reply. What `transfer` names moves instead of being copied. */
  reply(reply: Reply, transfer?: readonly Transferable[]): void
}

/** For worker entry points only. @throws {Error} On the main thread. */
export function workerPort<Request, Reply>(): WorkerPort<Request, Reply> {
  const port = parentPort
  if (!port) throw new Error('A worker entry point was loaded on the main thread.')
  return {
    data: workerData as unknown,
    onRequest: (listener) => void port.on('message', listener),
    reply: (reply, transfer = []) => port.postMessage(reply, transfer),
  }
}
