import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { events } from '@shared/contract'
import { createBackend, type Backend } from '../../src/main/backend'
import type { Host } from '../../src/main/host'
import { createLogger } from '../../src/main/logging/logger'

/** A URL that the host takes for ever to open: a call that stays pending as long as wanted. */
export const neverOpens = 'https://never.example/'

/** A host like the browser's, except that it opens links. */
export function testHost(part: Partial<Host> = {}): Host {
  return {
    kind: 'web',
    nativeMenu: false,
    secretBox: null,
    secretsNote: 'Kept in memory only.',
    allowedFolders: [],
    chooseFolder: () => Promise.resolve(null),
    openExternal: (url) => (url === neverOpens ? new Promise(() => undefined) : Promise.resolve()),
    ...part,
  }
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'framescope-contract-'))
}

/** Events that did not match their schema, of every engine of this file; to be empty in the end. */
export const brokenEvents: string[] = []

/** The real engine on a data folder of its own. Every event it sends is checked against its schema. */
export async function openBackend(dataFolder: string, host = testHost()): Promise<Backend> {
  const log = createLogger(dataFolder)
  const backend = await createBackend({ host, dataFolder, version: '1.2.3', log })
  backend.onEvent(({ name, payload }) => {
    const { issues } = v.safeParse(events[name], payload)
    if (issues) brokenEvents.push(`${name}: ${v.summarize(issues)}`)
  })
  return backend
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
}
