import { mkdir } from 'node:fs/promises'
import { ensureBuild } from './lib/ensure-build.mjs'
import { ensureChromium } from './lib/ensure-chromium.mjs'
import { ensureDependencies } from './lib/ensure-dependencies.mjs'
import { electronObstacle, ensureElectron } from './lib/ensure-electron.mjs'
import { nodeEnvironment } from './lib/node-path.mjs'
import { cache } from './lib/places.mjs'
import { runSuite, skipSuite } from './lib/run-suite.mjs'
import { runMain } from './lib/say.mjs'
import { chooseSuites } from './lib/test-arguments.mjs'
import { sumOf } from './lib/test-result.mjs'

/** Suites that run beside each other. */
const lanes = 2

await runMain(async () => {
  const chosen = chooseSuites(process.argv.slice(2))
  await ensureDependencies()
  await mkdir(cache, { recursive: true })
  if (chosen.some((suite) => suite.needsBuild)) await ensureBuild()
  const env = nodeEnvironment({ FORCE_COLOR: '0' })
  if (chosen.some((suite) => suite.needsChromium)) env.PLAYWRIGHT_CHROMIUM = await ensureChromium()

  const together = chosen.filter((suite) => !suite.alone)
  const results = await inLanes(together, (suite) => runAndTell(suite, env))
  for (const suite of chosen.filter((suite) => suite.alone))
    results.push(await runAndTell(suite, env))

  const { passed, failed, skipped, failures } = sumOf(results)
  for (const { name, message } of failures) print(`\nFAILED ${name}\n${indent(message)}`)
  print(`\n${counts({ passed, failed, skipped })}`)
  return failed === 0 ? 0 : 1
})

async function runAndTell(suite, env) {
  const start = performance.now()
  const result = await runOrSkip(suite, env)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  const note = result.note ? `: ${result.note}` : ''
  print(`${suite.name.padEnd(14)} ${counts(result)} (${seconds} s)${note}`)
  return result
}

async function runOrSkip(suite, env) {
  if (suite.name !== 'e2e:electron') return runSuite(suite, env)
  const obstacle = electronObstacle()
  const found = obstacle ? { reason: obstacle } : await ensureElectron()
  return 'executable' in found
    ? runSuite(suite, env)
    : skipSuite(suite, `Electron cannot run here: ${found.reason}`, env)
}

/** Takes the next one whenever one is done. */
async function inLanes(items, work) {
  const waiting = [...items]
  const results = []
  const lane = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) results.push(await work(item))
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return results
}

function counts({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}

function indent(text) {
  return text.trimEnd().replace(/^/gm, '  ')
}

function print(text) {
  process.stdout.write(`${text}\n`)
}
