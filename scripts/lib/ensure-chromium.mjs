import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { nodeEnvironment, nodePath } from './node-path.mjs'
import { installed, root } from './places.mjs'
import { runQuietly } from './run-quietly.mjs'
import { Refusal, say } from './say.mjs'

const playwrightTimeout = 3 * 60_000
const debianTimeout = 5 * 60_000

/**
 * A Chromium for the tests: one that is installed, else Playwright's own, else Debian's package.
 * @returns {Promise<string>} its executable.
 */
export async function ensureChromium() {
  const named = process.env.PLAYWRIGHT_CHROMIUM
  if (named) {
    if (runs(named)) return named
    throw new Refusal(`PLAYWRIGHT_CHROMIUM names ${named}, which does not start.`)
  }
  return (
    findChromium() ??
    (await installPlaywrights()) ??
    (await installDebians()) ??
    refuse(
      'The tests need a Chromium. Install Chromium or Google Chrome, or name one with PLAYWRIGHT_CHROMIUM.',
    )
  )
}

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
  const candidates = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
  if (process.platform === 'darwin')
    candidates.push('/Applications/Google Chrome.app/Contents/MacOS/Google Chrome')
  if (process.platform === 'win32')
    for (const folder of [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)']])
      if (folder) candidates.push(join(folder, 'Google/Chrome/Application/chrome.exe'))
  return candidates.find((file) => isExecutable(file) && runs(file)) ?? null
}

async function installPlaywrights() {
  const { chromium } = await import(pathToFileURL(installed('playwright/index.mjs')).href)
  const executable = chromium.executablePath()
  if (isExecutable(executable) && runs(executable)) return executable
  say("Installing Playwright's Chromium for the tests")
  await runQuietly(nodePath(), [installed('playwright/cli.js'), 'install', 'chromium'], {
    cwd: root,
    env: nodeEnvironment(),
    timeout: playwrightTimeout,
  })
  return isExecutable(executable) && runs(executable) ? executable : null
}

async function installDebians() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return null
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return null
  say("Installing Debian's Chromium for the tests")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const options = { cwd: root, env, timeout: debianTimeout }
  await runQuietly('apt-get', ['update', '-q'], options)
  await runQuietly('apt-get', ['install', '-qy', '--no-install-recommends', 'chromium'], options)
  return findChromium()
}

/** Windows shows a window instead of a version, so there a file is believed. */
function runs(file) {
  if (process.platform === 'win32') return true
  return spawnSync(file, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function refuse(message) {
  throw new Refusal(message)
}
