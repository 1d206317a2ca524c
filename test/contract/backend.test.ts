import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { createClient, type Client } from '@shared/client'
import type { Input } from '@shared/contract'
import { defaultConfig, emptyDraft, type ConnectionConfig } from '@shared/model/connection'
import { defaultRedaction } from '@shared/model/export'
import { everything } from '@shared/model/frame-filter'
import { defaultServerConfig } from '@shared/model/local-server'
import { planOf } from '@shared/model/server-presets'
import { createBackend, type Backend } from '../../src/main/backend'
import type { FileSink, Host, SecretBox } from '../../src/main/host'
import { askToShow } from '../../src/main/storage/data-folder-lock'
import { createLineLogger } from '../../src/main/logging/logger'
import { nextEvent } from './exercised-client'
import { links } from './links'
import { brokenEvents, openBackend, removeFolder, temporaryFolder, testHost } from './test-backend'

let folder: string
let opened: Backend[]

beforeEach(async () => {
  folder = await temporaryFolder()
  opened = []
})
afterEach(async () => {
  for (const backend of opened) await backend.dispose()
  await removeFolder(folder)
  expect(brokenEvents).toEqual([])
})

async function start(host?: Host): Promise<{ backend: Backend; client: Client }> {
  const backend = await openBackend(folder, host)
  opened.push(backend)
  return { backend, client: await clientOf(backend) }
}

async function clientOf(backend: Backend): Promise<Client> {
  const link = await links[0]?.open(backend)
  if (!link) throw new Error('There is a way in process')
  return createClient(await link.connect())
}

async function connect(client: Client, config: ConnectionConfig): Promise<string> {
  const { id } = await client.call('connections.create', { config })
  const isOpen = nextEvent(
    client,
    'connections.changed',
    (connection) => connection.id === id && connection.state.phase === 'open',
  )
  await client.call('connections.connect', { connectionId: id })
  await isOpen
  return id
}

const exportOf = (viewId: string): Input<'frames.export'> => ({
  exportId: 'export',
  viewId,
  scope: { rows: 'all' },
  format: { name: 'jsonl' },
  redaction: defaultRedaction(),
})

async function peerServer(): Promise<{ url: string; server: WebSocketServer }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, server }
}

async function everythingOnDisk(): Promise<string> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'latin1'))
  return (await Promise.all(texts)).join('\n')
}

/** An echo server on a free port. */
async function startServer(client: Client) {
  const config = { ...defaultServerConfig(), port: 0 }
  const { id: serverId } = await client.call('servers.create', { config })
  return client.call('servers.start', { serverId })
}

describe('the next run', () => {
  it('makes the first server of the only one that earlier versions had', async () => {
    const { client, backend } = await start()
    await client.call('settings.update', { theme: 'dark' })
    await backend.dispose()
    const path = join(folder, 'settings.json')
    const text = await readFile(path, 'utf8')
    const former = { port: 4321, allInterfaces: true, preset: 'ticker', keepAlive: 0 }
    const document = JSON.parse(text) as { data: object }
    const data = { ...document.data, server: { ...former, perMessageDeflate: true } }
    await writeFile(path, JSON.stringify({ ...document, data }))
    const { client: next } = await start()
    const servers = await next.call('servers.list', {})
    expect(servers).toHaveLength(1)
    expect(servers[0]).toMatchObject({
      config: {
        port: 4321,
        allInterfaces: true,
        plan: {
          routes: [
            {
              behaviours: [{ kind: 'ticker' }],
              keepAlive: { interval: 0 },
              deflate: { enabled: true },
            },
          ],
        },
      },
    })
  })

  it('finds profiles, settings, tabs, drafts and the server as they were', async () => {
    const first = await start()
    const { client } = first
    const config = defaultConfig('ws://127.0.0.1:1/')
    const profile = await client.call('profiles.create', { name: 'Mine', config })
    const tab = await client.call('connections.create', { profileId: profile.id, name: 'Tab' })
    const draft = { ...emptyDraft(), format: 'hex' as const, hex: '00 ff' }
    await client.call('connections.setDraft', { connectionId: tab.id, draft })
    await client.call('settings.update', { theme: 'light' })
    const plan = planOf('relay')
    const server = await client.call('servers.create', {
      name: 'Chat',
      config: { ...defaultServerConfig(), port: 0, plan },
    })
    await client.call('servers.update', { serverId: server.id, autostart: true })
    await first.backend.dispose()

    const { client: next, backend } = await start()
    expect(backend.settings()).toMatchObject({ theme: 'light' })
    expect((await next.call('profiles.list', {})).at(-1)).toEqual(profile)
    expect(await next.call('connections.list', {})).toMatchObject([
      { id: tab.id, name: 'Tab', profileId: profile.id, config, state: { phase: 'closed' } },
    ])
    expect(await next.call('connections.draft', { connectionId: tab.id })).toEqual(draft)
    const [local, chat] = await next.call('servers.list', {})
    expect(local).toMatchObject({ name: 'Local server', phase: 'stopped' })
    expect(chat).toMatchObject({ id: server.id, name: 'Chat', autostart: true, config: { plan } })
    await expect.poll(async () => (await next.call('servers.list', {}))[1]?.phase).toBe('running')
  })

  it('tells of a document that was set aside until that is dismissed', async () => {
    await writeFile(join(folder, 'profiles.json'), 'damaged')
    const { client } = await start()
    const { notices } = await client.call('app.info', {})
    expect(notices).toMatchObject([{ level: 'warning' }])
    expect(notices[0]?.message).toContain('profiles.json.corrupt-')
    const told = nextEvent(client, 'notices.changed')
    await client.call('app.dismissNotice', { noticeId: notices[0]?.id ?? '' })
    expect(await told).toEqual([])
  })

  it('leaves a newer document alone and says so at every change', async () => {
    const newer = '{"schemaVersion": 7, "data": "from the future"}'
    await writeFile(join(folder, 'settings.json'), newer)
    const { client } = await start()
    expect((await client.call('app.info', {})).notices).toHaveLength(1)
    await expect(client.call('settings.update', { theme: 'dark' })).rejects.toMatchObject({
      code: 'STORAGE_NEWER',
    })
    expect(await readFile(join(folder, 'settings.json'), 'utf8')).toBe(newer)
  })
})

describe('secrets', () => {
  const key = randomBytes(64)
  const box: SecretBox = {
    encrypt: (text) =>
      Promise.resolve(Buffer.from(text).map((byte, index) => byte ^ (key[index % 64] ?? 0))),
    decrypt: (bytes) =>
      Promise.resolve(
        Buffer.from(bytes.map((byte, index) => byte ^ (key[index % 64] ?? 0))).toString(),
      ),
  }
  const value = 'Bearer hunter2-Zq9'

  async function keepSecret(client: Client, url: string): Promise<string> {
    const { secretRef } = await client.call('secrets.put', { value })
    const config = defaultConfig(url)
    config.headers = [{ secret: true, enabled: true, name: 'Authorization', secretRef }]
    await client.call('profiles.create', { name: 'With a secret', config })
    return connect(client, config)
  }

  it('reach the server in the next run and no file in plain text', async () => {
    const { url, server } = await peerServer()
    const seen: (string | undefined)[] = []
    server.on('connection', (_, request) => seen.push(request.headers.authorization))
    const first = await start(testHost({ secretBox: box }))
    const id = await keepSecret(first.client, url)
    await first.backend.dispose()
    const disk = await everythingOnDisk()
    expect(disk).not.toContain('hunter2')
    expect(disk).not.toContain(Buffer.from(value).toString('base64').slice(0, 16))

    const { client } = await start(testHost({ secretBox: box }))
    await client.call('connections.connect', { connectionId: id })
    await vi.waitFor(() => expect(seen).toEqual([value, value]))
    server.close()
  })

  it('are gone with the run where the system has no encryption', async () => {
    const { url, server } = await peerServer()
    const first = await start()
    const id = await keepSecret(first.client, url)
    await first.backend.dispose()
    expect(await everythingOnDisk()).not.toContain('hunter2')

    const { client } = await start()
    await expect(client.call('connections.connect', { connectionId: id })).rejects.toMatchObject({
      code: 'SECRET_MISSING',
    })
    server.close()
  })
})

describe('dispose', () => {
  it('closes peers with 1001 on both sides, and does so once', async () => {
    const { url, server } = await peerServer()
    const peers: WebSocket[] = []
    server.on('connection', (peer) => peers.push(peer))
    const { backend, client } = await start()
    await connect(client, defaultConfig(url))
    const { urls } = await startServer(client)
    const guest = new globalThis.WebSocket(urls[0] ?? '')
    await once(guest, 'open')

    const codes = Promise.all([
      once(peers[0] as WebSocket, 'close').then(([code]: number[]) => code),
      once(guest, 'close').then(([event]: CloseEvent[]) => event?.code),
    ])
    await Promise.all([backend.dispose(), backend.dispose()])
    expect(await codes).toEqual([1001, 1001])
    await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'BACKEND_GONE' })
    expect(await readdir(folder)).not.toContain('exchange')
    server.close()
  })

  it('does not wait for peers that never answer', async () => {
    const { url, server } = await peerServer()
    server.on('connection', (peer) => {
      // Reads nothing any more, so the close frame stays unread.
      peer.pause()
    })
    const { backend, client } = await start()
    await connect(client, defaultConfig(url))
    await backend.dispose()
    const again = await start()
    expect(await again.client.call('connections.list', {})).toHaveLength(1)
    server.close()
    for (const peer of server.clients) peer.terminate()
  })

  it('frees the data folder', async () => {
    const { backend } = await start()
    await expect(start()).rejects.toMatchObject({
      code: 'DATA_FOLDER_LOCKED',
      details: { pid: process.pid, host: 'web' },
    })
    await backend.dispose()
    await start()
  })

  it('frees the data folder when the start fails', async () => {
    const host = testHost()
    Object.defineProperty(host, 'secretBox', {
      get: () => {
        throw new Error('broke')
      },
    })
    await expect(start(host)).rejects.toThrow('broke')
    await start()
  })
})

it('shows itself when a second process asks', async () => {
  const onShow = vi.fn()
  const log = createLineLogger(() => undefined)
  const options = { host: testHost(), dataFolder: folder, version: '1', log, onShow }
  const backend = await createBackend(options)
  opened.push(backend)
  backend.announce('http://127.0.0.1:4321/')
  expect(await askToShow(folder)).toMatchObject({ url: 'http://127.0.0.1:4321/' })
  await vi.waitFor(() => expect(onShow).toHaveBeenCalledOnce())
})

it('lets go of the views and files of a client that is gone, and keeps its connections', async () => {
  const { backend, client } = await start()
  const context = { clientId: 'page' }
  const { id, logId } = await client.call('connections.create', {})
  const view = await backend.dispatch(context, 'frames.openView', { logId, filter: everything() })
  const file = await backend.dispatch(context, 'files.create', { name: 'a', size: 1 })
  const { viewId } = (view as { value: { viewId: string } }).value
  const { fileId } = (file as { value: { fileId: string } }).value
  backend.clientGone('page')
  const gone = { ok: false, error: { code: 'NOT_FOUND' } }
  expect(
    await backend.dispatch(context, 'frames.page', { viewId, start: 0, count: 1 }),
  ).toMatchObject(gone)
  expect(
    await backend.dispatch(context, 'files.read', { fileId, offset: 0, length: 1 }),
  ).toMatchObject(gone)
  expect(await client.call('connections.list', {})).toMatchObject([{ id }])
})

it('saves through the dialog of a host that has one', async () => {
  const written: Uint8Array[] = []
  const finish = vi.fn(() => Promise.resolve())
  const saveFile = vi.fn((name: string): Promise<FileSink | null> =>
    Promise.resolve({
      name,
      write: (bytes) => Promise.resolve(void written.push(bytes.slice())),
      finish,
      abort: () => Promise.resolve(),
    }),
  )
  const { client } = await start(testHost({ saveFile }))
  const { urls } = await startServer(client)
  const id = await connect(client, defaultConfig(urls[0]))
  await client.call('connections.update', { connectionId: id, name: '../a/b: "c"' })
  const [connection] = await client.call('connections.list', {})
  const { viewId } = await client.call('frames.openView', {
    logId: connection?.logId ?? '',
    filter: everything(),
  })
  const saved = await client.call('frames.export', exportOf(viewId))
  expect(saved).toEqual({ outcome: 'saved', name: saveFile.mock.calls[0]?.[0] })
  expect(saveFile.mock.calls[0]?.[0]).toMatch(/^framescope-[^/\\:"]*\.jsonl$/)
  expect(finish).toHaveBeenCalledOnce()
  expect(Buffer.concat(written).toString()).toContain('"type":"open"')

  saveFile.mockResolvedValueOnce(null)
  expect(await client.call('frames.export', exportOf(viewId))).toEqual({
    outcome: 'cancelled',
  })
})

it('puts a smaller budget into force with the next row', async () => {
  const { client } = await start()
  const { urls } = await startServer(client)
  const id = await connect(client, defaultConfig(urls[0]))
  const payload = new Uint8Array(600_000)
  for (let index = 0; index < 4; index += 1)
    await client.call('connections.send', {
      connectionId: id,
      message: { from: 'bytes', opcode: 'binary', payload, draft: null },
    })
  const connection = await vi.waitFor(async () => {
    const [echoed] = await client.call('connections.list', {})
    expect(echoed?.counters.messagesIn).toBe(4)
    return echoed
  })
  const view = await client.call('frames.openView', {
    logId: connection?.logId ?? '',
    filter: everything(),
  })
  expect(view.logEvicted).toBe(0)
  await client.call('settings.update', { logBudget: 1024 * 1024 })
  const evicted = nextEvent(client, 'frames.grew', ({ state }) => state.logEvicted > 0)
  await client.call('connections.send', {
    connectionId: id,
    message: { from: 'bytes', opcode: 'binary', payload, draft: null },
  })
  expect((await evicted).state.logTotal).toBeGreaterThan(8)
})

it('reports a defect with an id that is in the log, and keeps what threw out of the answer', async () => {
  const lines: string[] = []
  const host = testHost({ openExternal: () => Promise.reject(new Error('broke inside')) })
  const backend = await createBackend({
    host,
    dataFolder: folder,
    version: '1',
    log: createLineLogger((line) => lines.push(line)),
  })
  opened.push(backend)
  const answer = await backend.dispatch({ clientId: 'page' }, 'app.openExternal', {
    url: 'https://example.org/?token=hunter2',
  })
  expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } })
  const id = answer.ok ? '' : String(answer.error.details['correlationId'])
  expect(id).toMatch(/^[0-9a-f]{8}$/)
  expect(JSON.stringify(answer)).not.toContain('broke inside')
  expect(lines.join('\n')).toContain(id)
  expect(lines.join('\n')).toContain('broke inside')
  expect(lines.join('\n')).not.toContain('hunter2')
})

describe('folders of local servers', () => {
  it('come from a dialog, are kept, and are known by an id alone', async () => {
    const chooseFolder = vi.fn(() => Promise.resolve<string | null>(join(folder, 'site')))
    const { client, backend } = await start(testHost({ chooseFolder }))
    const chosen = await client.call('folders.choose', {})
    expect(chosen).toMatchObject({ name: 'site' })
    expect(JSON.stringify(chosen)).not.toContain(folder)
    chooseFolder.mockResolvedValueOnce(null)
    expect(await client.call('folders.choose', {})).toBeNull()
    await backend.dispose()
    const { client: next } = await start(testHost({ chooseFolder }))
    expect(await next.call('folders.list', {})).toEqual([chosen])
  })

  it('are only those allowed at the start where there is no dialog', async () => {
    const { client, backend } = await start(
      testHost({ chooseFolder: () => Promise.resolve(join(folder, 'other')) }),
    )
    await client.call('folders.choose', {})
    await backend.dispose()
    const { chooseFolder: _, ...host } = testHost({ allowedFolders: [join(folder, 'site')] })
    const { client: next } = await start(host)
    expect(await next.call('folders.list', {})).toMatchObject([{ name: 'site' }])
    await expect(next.call('folders.choose', {})).rejects.toMatchObject({
      code: 'CAPABILITY_ABSENT',
    })
  })
})
