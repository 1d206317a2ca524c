import { spawn } from 'node:child_process'
import { killTree } from './kill-tree.mjs'

/** Characters of output kept: enough for the error at its end. */
const outputLimit = 2_000_000

/**
 * Runs a command and keeps its output to itself. It gets a process group of its own, which is ended
 * with this process or when the time is up.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeout] Milliseconds after which it is ended.
 * @param {(signal: AbortSignal) => Promise<void>} [options.watch] Ends it when this resolves first.
 * @param {string} options.cwd
 * @returns {Promise<{ code: number | null, output: string, timedOut: boolean }>}
 */
export function runQuietly(command, args, { cwd, env = process.env, timeout, watch }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    let output = ''
    let timedOut = false
    const collect = (chunk) => (output = (output + chunk).slice(-outputLimit))
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)

    const giveUp = () => {
      timedOut = true
      killTree(child)
    }
    const watching = new AbortController()
    watch?.(watching.signal).then(giveUp, () => {})
    const timer = timeout === undefined ? undefined : setTimeout(giveUp, timeout)
    const stop = (signal) => {
      killTree(child)
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    for (const signal of signals) process.once(signal, stop)

    const end = (code) => {
      clearTimeout(timer)
      watching.abort()
      for (const signal of signals) process.removeListener(signal, stop)
      resolve({ code, output, timedOut })
    }
    child.once('error', (error) => {
      collect(String(error.message))
      end(null)
    })
    child.once('close', end)
  })
}
