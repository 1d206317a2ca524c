import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'
import { workerModules } from '../../scripts/lib/worker-modules.mjs'

const root = resolve(import.meta.dirname, '../..')

/** A process of our own that a test can talk with and kill. */
export interface Child {
  readonly process: ChildProcess
  /** The next line it printed. Rejects when it ended without one. */
  line(): Promise<string>
  /** Ends it the hard way and waits until it is gone. */
  kill(): Promise<void>
}

/** A script in TypeScript, built once, that can be run as many times as needed. */
export interface ChildScript {
  run(...args: string[]): Child
  dispose(): Promise<void>
}

/** Builds a script that may import the product's own modules. `path` is relative to the repository. */
export async function childScript(path: string): Promise<ChildScript> {
  const folder = await mkdtemp(join(tmpdir(), 'framescope-script-'))
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    plugins: [workerModules()],
    ssr: { noExternal: true },
    build: {
      ssr: join(root, path),
      outDir: folder,
      rolldownOptions: { output: { entryFileNames: 'script.mjs' } },
    },
  })
  const children = new Set<Child>()
  return {
    run(...args) {
      const child = start(join(folder, 'script.mjs'), args)
      children.add(child)
      return child
    },
    async dispose() {
      await Promise.all([...children].map((child) => child.kill()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function start(script: string, args: string[]): Child {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return {
    process: child,
    async line() {
      const next = await lines.next()
      if (next.done) throw new Error('The process ended without a line')
      return next.value
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
