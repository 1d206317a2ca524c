import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { AppError } from '@shared/errors'
import { ask, ClaimListener, type Asked, type Claimant } from './lock-claim'
import { claimFolders, makeClaimFolder, pipePath } from './lock-place'
import { systemCode, unwritable } from '../files/file-failure'

export interface LockOptions {
  /** Which host this process runs as; told to a second process. */
  readonly host: string
  /** A second process asks this one to show itself. */
  readonly onShow?: (() => void) | undefined
}

/** One process per data folder. The system lets go of it when the process dies, however it dies. */
export interface DataFolderLock {
  /** Tells second processes from now on where the interface can be opened. */
  announce(url: string): void
  release(): Promise<void>
}

/** Milliseconds between looks at a rival that is still finding out whether it has the folder. */
const rivalPoll = 10

/** What the system answers where sockets cannot live in a folder. */
const noSocketsHere: readonly string[] = ['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL']

/**
 * Takes a data folder for this process.
 * @throws {AppError} DATA_FOLDER_LOCKED with `details` { pid, host, url }; STORAGE_UNWRITABLE.
 */
export async function lockDataFolder(
  folder: string,
  options: LockOptions,
): Promise<DataFolderLock> {
  await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw unwritable(folder, error)
  })
  const self = new Self(folder, options)
  if (process.platform === 'win32') return lockByPipe(self)
  const places = await claimFolders(folder)
  for (const place of places) {
    try {
      return await lockByClaims(self, place)
    } catch (error) {
      if (error instanceof AppError) throw error
      if (place === places.at(-1) || !noSocketsHere.includes(systemCode(error)))
        throw unwritable(place, error)
    }
  }
  throw new Error('There is no place for the claims')
}

/**
 * Asks the process that has the folder to show itself.
 * @returns that process, or `null` when there is none or it does not answer.
 */
export async function askToShow(folder: string): Promise<Claimant | null> {
  for (const path of await claimPaths(folder)) {
    const asked = await ask(path, 'show')
    if (typeof asked === 'object' && asked.holding) return asked.claimant
  }
  return null
}

/** What this process answers. */
class Self {
  readonly folder: string
  holding = false
  url: string | null = null
  readonly #options: LockOptions

  constructor(folder: string, options: LockOptions) {
    this.folder = folder
    this.#options = options
  }

  listen(path: string): Promise<ClaimListener> {
    return ClaimListener.open(
      path,
      () => ({
        claimant: { pid: process.pid, host: this.#options.host, url: this.url },
        holding: this.holding,
      }),
      () => this.#options.onShow?.(),
    )
  }

  /** The folder is ours. */
  lock(release: () => Promise<void>): DataFolderLock {
    this.holding = true
    let released: Promise<void> | null = null
    return {
      announce: (url) => {
        this.url = url
      },
      release: () => (released ??= release()),
    }
  }
}

/** A Windows pipe has one owner and goes away with it. */
async function lockByPipe(self: Self): Promise<DataFolderLock> {
  const path = await pipePath(self.folder)
  try {
    const listener = await self.listen(path)
    return self.lock(() => listener.close())
  } catch (error) {
    if (!['EADDRINUSE', 'EACCES'].includes(systemCode(error))) throw unwritable(self.folder, error)
    throw locked(self.folder, await ask(path))
  }
}

/**
 * A Unix socket's file outlives its process, and replacing it is a race: two processes that find the
 * same dead file can each remove what the other has just made. So every process makes a claim under a
 * name of its own, which once dead is dead for good and may be removed by anybody. Whoever finds a
 * holder gives up. Between claims that are still undecided the smaller name goes first: the greater
 * gives up, the smaller waits for it to do so. Each makes its claim before it looks, so of any two at
 * least one sees the other.
 */
async function lockByClaims(self: Self, place: string): Promise<DataFolderLock> {
  await makeClaimFolder(place)
  const name = randomBytes(4).toString('hex')
  const unfinished = join(place, `${name}.new`)
  const own = join(place, `${name}.sock`)
  const listener = await self.listen(unfinished)
  const release = async () => {
    await rm(own, { force: true })
    await listener.close()
  }
  try {
    // Not visible before it answers: a socket that is bound and does not listen yet looks dead.
    await rename(unfinished, own)
    while (await hasWeakerRival(self.folder, place, own)) await delay(rivalPoll)
    const lock = self.lock(release)
    await removeUnfinished(place)
    return lock
  } catch (error) {
    await release()
    // A process that has just taken the folder tidies up; the next look finds it.
    if (systemCode(error) === 'ENOENT') return lockByClaims(self, place)
    throw error
  }
}

/** @throws {AppError} DATA_FOLDER_LOCKED when another process has the folder or goes first. */
async function hasWeakerRival(folder: string, place: string, own: string): Promise<boolean> {
  let waiting = false
  for (const path of await claimsIn(place)) {
    if (path === own) continue
    const asked = await ask(path)
    if (asked === 'nobody') await rm(path, { force: true })
    else if (asked === 'silent' || asked.holding || path < own) throw locked(folder, asked)
    else waiting = true
  }
  return waiting
}

async function claimsIn(place: string): Promise<readonly string[]> {
  const names = await readdir(place)
  return names.filter((name) => name.endsWith('.sock')).map((name) => join(place, name))
}

/** What a process that was killed before its claim was finished left behind. */
async function removeUnfinished(place: string): Promise<void> {
  for (const name of await readdir(place))
    if (name.endsWith('.new')) await rm(join(place, name), { force: true })
}

async function claimPaths(folder: string): Promise<readonly string[]> {
  try {
    if (process.platform === 'win32') return [await pipePath(folder)]
    const places = await claimFolders(folder)
    const claims = await Promise.all(places.map((place) => claimsIn(place).catch(() => [])))
    return claims.flat()
  } catch {
    return []
  }
}

function locked(folder: string, asked: Asked): AppError {
  const { pid, host, url } =
    typeof asked === 'object' ? asked.claimant : { pid: null, host: null, url: null }
  const who = pid === null ? 'a process that does not answer' : `process ${pid}`
  return new AppError(
    'DATA_FOLDER_LOCKED',
    `The data folder ${folder} is in use by another Framescope (${who}). ` +
      'Use that one, close it first, or choose another folder with --data.',
    { details: { folder, pid, host, url } },
  )
}
