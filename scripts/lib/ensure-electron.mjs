import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { nodeEnvironment, nodePath } from './node-path.mjs'
import { cache, installed } from './places.mjs'
import { runQuietly } from './run-quietly.mjs'
import { say } from './say.mjs'

/** How long the download may stand still, and how long it may take, in milliseconds. */
const longestPause = 20_000
const longestDownload = 5 * 60_000

/** How long a failed download is remembered, in milliseconds. */
const failureLifetime = 6 * 60 * 60_000

const failureFile = join(cache, 'electron-download-failed')
const downloadFolder = join(cache, 'electron-download')

/**
 * What stands in the way of Electron on this machine, runtime aside.
 * @returns {string | null} a clause such as "this machine has no display".
 */
export function electronObstacle(platform = process.platform, env = process.env) {
  if (platform !== 'linux') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY)
    return 'there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)'
  if (process.getuid?.() === 0) return 'its sandbox does not work for the root user'
  return sandboxObstacle()
}

/** @returns {string | null} the Electron executable, when its runtime is there. */
export function findElectron() {
  try {
    const version = JSON.parse(readFileSync(installed('electron/package.json'), 'utf8')).version
    const present = readFileSync(installed('electron/dist/version'), 'utf8').replace(/^v/, '')
    const executable = installed(
      `electron/dist/${readFileSync(installed('electron/path.txt'), 'utf8')}`,
    )
    return present.trim() === version && existsSync(executable) ? executable : null
  } catch {
    return null
  }
}

/**
 * The Electron executable, fetched when it is missing.
 * @param {{ again?: boolean }} [options] `again` tries even when it failed a short while ago.
 * @returns {Promise<{ executable: string } | { reason: string }>}
 */
export async function ensureElectron({ again = false } = {}) {
  const present = findElectron()
  if (present) return { executable: present }
  if (!again && (await failedLately()))
    return { reason: 'its runtime is not installed and could not be fetched a while ago' }
  say(`Fetching the Electron runtime, giving up after ${longestPause / 1000} s without progress`)
  await rm(downloadFolder, { recursive: true, force: true })
  await mkdir(downloadFolder, { recursive: true })
  const { output, timedOut } = await runQuietly(nodePath(), [installed('electron/install.js')], {
    cwd: installed('electron'),
    env: nodeEnvironment({
      TMPDIR: downloadFolder,
      TEMP: downloadFolder,
      TMP: downloadFolder,
      ELECTRON_GET_NO_PROGRESS: '1',
    }),
    timeout: longestDownload,
    watch: standstill,
  })
  await rm(downloadFolder, { recursive: true, force: true })
  const executable = findElectron()
  if (executable) {
    await rm(failureFile, { force: true })
    return { executable }
  }
  await writeFile(failureFile, output)
  return { reason: `its runtime could not be fetched (${failureOf(output, timedOut)})` }
}

/** Resolves when nothing has arrived for a while. */
async function standstill(signal) {
  let size = -1
  let since = Date.now()
  while (Date.now() - since < longestPause) {
    await delay(500, undefined, { signal })
    const now = (await sizeOf(downloadFolder)) + (await sizeOf(installed('electron/dist')))
    if (now !== size) since = Date.now()
    size = now
  }
}

async function sizeOf(folder) {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        (file) => file.size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function failedLately() {
  const failure = await stat(failureFile).catch(() => null)
  return failure !== null && Date.now() - failure.mtimeMs < failureLifetime
}

/** The most telling line of a stack: the system's own code, else the first error. */
function failureOf(output, timedOut) {
  if (timedOut) return 'the download stood still'
  if (/fetch failed/.test(output)) return 'the download server cannot be reached'
  const code = /\b(E[A-Z]{3,}(?:_[A-Z]+)*)\b[^\n]*/.exec(output)?.[0]
  const error = code ?? /Error: ([^\n]+)/.exec(output)?.[1] ?? 'the download failed'
  return error.replace(/[{}\s]+$/, '').slice(0, 200)
}

/** Chromium's sandbox needs user namespaces or a helper that only root can install. */
function sandboxObstacle() {
  const off = (file, value) => {
    try {
      return readFileSync(file, 'utf8').trim() === value
    } catch {
      return false
    }
  }
  const restricted =
    off('/proc/sys/kernel/apparmor_restrict_unprivileged_userns', '1') ||
    off('/proc/sys/kernel/unprivileged_userns_clone', '0') ||
    off('/proc/sys/user/max_user_namespaces', '0')
  return restricted && !helperIsInstalled()
    ? 'this system keeps the user namespaces its sandbox needs from programs that are not installed'
    : null
}

function helperIsInstalled() {
  try {
    const helper = statSync(installed('electron/dist/chrome-sandbox'))
    return helper.uid === 0 && (helper.mode & 0o4000) !== 0
  } catch {
    return false
  }
}
