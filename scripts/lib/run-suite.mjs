import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { nodePath } from './node-path.mjs'
import { cache, root } from './places.mjs'
import { runQuietly } from './run-quietly.mjs'
import {
  checkResult,
  playwrightResult,
  skippedResult,
  vitestResult,
  withVerdict,
} from './test-result.mjs'

/** No suite is worth more than that, in milliseconds. */
const longestSuite = 40 * 60_000

/**
 * @param {import('./test-suites.mjs').Suite} suite
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('./test-result.mjs').Result>}
 */
export async function runSuite(suite, env) {
  const { code, output, timedOut, report } = await run(suite, [], env)
  const text = timedOut ? `It did not end in ${longestSuite / 60_000} minutes.\n${output}` : output
  const succeeded = code === 0 && !timedOut
  if (suite.kind === 'check') return checkResult(suite.name, succeeded, text)
  if (!report) return checkResult(suite.name, false, text || 'It left no report.')
  const result = suite.kind === 'vitest' ? vitestResult(report) : playwrightResult(report)
  return withVerdict(result, suite.name, succeeded, text)
}

/** Counts a Playwright suite's tests without running them. */
export async function skipSuite(suite, reason, env) {
  const { output, report } = await run(suite, ['--list'], env)
  if (!report) return checkResult(suite.name, false, output)
  return skippedResult(report, reason)
}

async function run(suite, moreArgs, env) {
  const file = join(cache, `report-${suite.name.replace(':', '-')}.json`)
  await rm(file, { force: true })
  const { code, output, timedOut } = await runQuietly(
    nodePath(),
    [suite.file, ...suite.args, ...moreArgs, ...reporterArgs(suite.kind, file)],
    { cwd: root, env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }, timeout: longestSuite },
  )
  const report = await readFile(file, 'utf8').then(JSON.parse, () => null)
  return { code, output: stripVTControlCharacters(output).trim(), timedOut, report }
}

function reporterArgs(kind, file) {
  if (kind === 'vitest')
    return ['--reporter=json', '--reporter=dot', `--outputFile.json=${file}`, '--maxWorkers=2']
  return kind === 'playwright' ? ['--reporter=json'] : []
}
