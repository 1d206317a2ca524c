import { ensureBuild } from './lib/ensure-build.mjs'
import { ensureDependencies } from './lib/ensure-dependencies.mjs'
import { electronObstacle, ensureElectron } from './lib/ensure-electron.mjs'
import { launch } from './lib/launch.mjs'
import { nodeEnvironment, nodePath } from './lib/node-path.mjs'
import { root } from './lib/places.mjs'
import { Refusal, runMain, say } from './lib/say.mjs'
import { parseStartArguments, usage } from './lib/start-arguments.mjs'
import { join } from 'node:path'

await runMain(async () => {
  const options = parseStartArguments(process.argv.slice(2))
  if (options.help) {
    process.stdout.write(`${usage}\n`)
    return 0
  }
  await ensureDependencies()
  const electron = options.host === 'web' ? null : await findHost(options.host === 'electron')
  await ensureBuild()
  return electron ? startElectron(electron, options) : startWeb(options)
})

/** The Electron executable, or `null` when the browser has to do. */
async function findHost(required) {
  const obstacle = electronObstacle()
  const found = obstacle ? { reason: obstacle } : await ensureElectron({ again: required })
  if ('executable' in found) return found.executable
  if (required) throw new Refusal(`Electron cannot run here: ${found.reason}.`)
  say(`Electron cannot run here: ${found.reason}; serving the app to the browser instead.`)
  return null
}

function startElectron(executable, { data }) {
  const env = nodeEnvironment()
  delete env.ELECTRON_RUN_AS_NODE
  return launch(executable, [root, ...(data ? ['--data', data] : [])], env)
}

function startWeb({ port, open, data, allowed }) {
  return launch(
    nodePath(),
    [
      join(root, 'out/main/web.js'),
      ...(port === undefined ? [] : ['--port', port]),
      ...(open ? [] : ['--no-open']),
      ...(data ? ['--data', data] : []),
      ...allowed.flatMap((folder) => ['--allow-dir', folder]),
    ],
    nodeEnvironment(),
  )
}
