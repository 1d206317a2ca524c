import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findNode, nodeMajor } from './node-path.mjs'
import { installed, root } from './places.mjs'
import { runQuietly } from './run-quietly.mjs'
import { Refusal, say } from './say.mjs'

/** Installs what package-lock.json names, unless it is there. */
export async function ensureDependencies() {
  if ((await dependenciesAreCurrent()) && findNode() !== null) return
  say(`Installing dependencies from package-lock.json, Node ${nodeMajor} among them`)
  const { command, args } = npm()
  const { code, output } = await runQuietly(
    command,
    [...args, 'ci', '--include=dev', '--no-audit', '--no-fund'],
    { cwd: root },
  )
  if (code !== 0)
    throw new Refusal(`${errorsOf(output)}\nThe dependencies could not be installed: see above.`)
  if (findNode() === null)
    throw new Refusal(
      `Node ${nodeMajor} could not be installed: npm did not run the install script of the package "node".`,
    )
}

/** Compares what npm last installed, as it notes itself, with the lockfile. */
async function dependenciesAreCurrent() {
  const wanted = await readPackages(join(root, 'package-lock.json'))
  const present = await readPackages(installed('.package-lock.json'))
  if (!wanted) throw new Refusal('package-lock.json cannot be read.')
  if (!present) return false
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      path === '' ||
      present[path]?.version === version ||
      // npm leaves out what other platforms need and optional peers.
      (present[path] === undefined && (optional || devOptional || peer)),
  )
}

async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages
  } catch {
    return null
  }
}

/** npm as it was started, or as it is found; never through a shell with anything but fixed words. */
function npm() {
  const script = process.env.npm_execpath
  if (script?.endsWith('.js')) return { command: process.execPath, args: [script] }
  if (process.platform === 'win32') return { command: 'cmd', args: ['/d', '/c', 'npm'] }
  return { command: 'npm', args: [] }
}

/** npm warns of much, and explains all its options, before and after what went wrong. */
function errorsOf(output) {
  const [errors] = output.split(/^npm error\n^npm error Clean install a project$/m)
  return errors.replace(/^npm warn .*\n/gm, '').trim()
}
