import { spawn } from 'node:child_process'

/**
 * Runs the app until it ends. A signal, and the end of this process however it comes, closes the
 * channel between the two, which tells the app to stop; unlike a signal that is handed on, this
 * does no harm when Ctrl+C has reached both already.
 *
 * @param {string} executable
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>} the exit code.
 */
export function launch(executable, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const stop = () => {
      if (child.connected) child.disconnect()
      // The second time somebody is in a hurry.
      else child.kill('SIGTERM')
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
