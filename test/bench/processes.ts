import { execFile, fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { RunningSubject } from './measurement'

/** Longest time one measurement may take, in milliseconds. */
const patience = 300_000

/** What a subject says to the suite. */
type SubjectMessage =
  { readonly ready: true } | { readonly answer: unknown } | { readonly result: unknown }

/** Starts the server that floods, in a process of its own. */
export async function startFloodServer(): Promise<{ readonly port: number; stop(): void }> {
  const server = fork(join(import.meta.dirname, 'flood-server.js'))
  const [{ port }] = (await once(server, 'message')) as [{ port: number }]
  return { port, stop: () => server.disconnect() }
}

/** What scan-bench.ts prints of each search; times are medians, in milliseconds. */
export interface ScanFigures {
  readonly scans: readonly {
    readonly name: string
    readonly found: number
    readonly firstMs: number
    readonly allMs: number
  }[]
}

export async function runScanBench(rows: number, repeat: number): Promise<ScanFigures> {
  const script = join(import.meta.dirname, 'scan-bench.js')
  const options = ['--rows', String(rows), '--repeat', String(repeat)]
  const { stdout } = await promisify(execFile)(process.execPath, [script, ...options])
  return JSON.parse(stdout) as ScanFigures
}

/** Runs a subject in a process of its own; the next one starts with the machine to itself. */
export async function runSubject<Result>(subject: string, input: unknown): Promise<Result> {
  return (await startSubject(subject, input).result) as Result
}

/** @param limit milliseconds after which it is ended. */
export function startSubject(subject: string, input: unknown, limit = patience): RunningSubject {
  const child = fork(join(import.meta.dirname, 'subject.js'), [subject, JSON.stringify(input)], {
    execArgv: ['--expose-gc'],
  })
  const timer = setTimeout(() => child.kill(), limit)
  const ready = messageOf(child, 'ready')
  const result = messageOf(child, 'result')
  const exited = once(child, 'exit').then(([code, signal]) => {
    clearTimeout(timer)
    const how = String(code ?? signal)
    return new Error(`The subject ${subject} ended with ${how} before it reported anything`)
  })
  const orExit = <Value>(promise: Promise<Value>): Promise<Value> =>
    Promise.race([
      promise,
      exited.then((error) => {
        throw error
      }),
    ])
  return {
    async ask<Answer>(request: string) {
      await orExit(ready)
      const answered = messageOf(child, 'answer')
      const start = performance.now()
      child.send(request)
      const { answer } = await orExit(answered)
      return { answer: answer as Answer, duration: performance.now() - start }
    },
    result: orExit(result).then(async (message) => {
      await exited
      return message.result
    }),
  }
}

function messageOf<Key extends 'ready' | 'answer' | 'result'>(
  child: ChildProcess,
  key: Key,
): Promise<Extract<SubjectMessage, Record<Key, unknown>>> {
  return new Promise((resolve) => {
    const listen = (message: SubjectMessage) => {
      if (!(key in message)) return
      child.off('message', listen)
      resolve(message as Extract<SubjectMessage, Record<Key, unknown>>)
    }
    child.on('message', listen)
  })
}
