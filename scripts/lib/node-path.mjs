import { existsSync } from 'node:fs'
import { delimiter, dirname } from 'node:path'
import { installed } from './places.mjs'

/** The Node this project runs on; the scripts themselves also run on older ones. */
export const nodeMajor = 24

/** @returns {string | null} the Node that came with the dependencies, or this one when it will do. */
export function findNode() {
  const own = installed(process.platform === 'win32' ? 'node/bin/node.exe' : 'node/bin/node')
  if (existsSync(own)) return own
  return Number(process.versions.node.split('.')[0]) === nodeMajor ? process.execPath : null
}

/** @returns {string} @throws {Error} before the dependencies are installed. */
export function nodePath() {
  const node = findNode()
  if (node === null) throw new Error(`Node ${nodeMajor} is not installed`)
  return node
}

/** The environment in which tools find that Node and the project's commands first. */
export function nodeEnvironment(extra = {}) {
  const path = [dirname(nodePath()), installed('.bin'), process.env.PATH ?? '']
  return { ...process.env, PATH: path.join(delimiter), ...extra }
}
