import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { decodeMessage, encodeMessage } from '@shared/codec'
import { defaultConfig } from '@shared/model/connection'
import type { Envelope } from '@shared/transport'
import { ensureBuild } from './lib/ensure-build.mjs'

const script = resolve(import.meta.dirname, 'start.mjs')

/** A launcher, an app and a peer have to start and end, perhaps beside other tests. */
const patience = 60_000

let dataFolder: string
let started: ChildProcess[]

beforeAll(() => ensureBuild(), 5 * patience)

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'framescope-start-'))
  started = []
})

afterEach(async () => {
  for (const launcher of started) signalGroup(launcher, 'SIGKILL')
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })
})

/** Starts the launcher in a process group of its own, as a terminal does. */
function start(...args: string[]) {
  const launcher = spawn(process.execPath, [script, '--host', 'web', '--no-open', ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started.push(launcher)
  const output: string[] = []
  const complaints: string[] = []
  const lines = createInterface({ input: launcher.stdout })
  lines.on('line', (line) => output.push(line))
  createInterface({ input: launcher.stderr }).on('line', (line) => complaints.push(line))
  const closed = once(launcher, 'close').then(([code]) => code as number | null)
  return {
    launcher,
    output,
    complaints,
    /** The exit code, once everything that held the output has ended. */
    closed,
    async url() {
      await Promise.race([once(lines, 'line'), closed])
      const [, url] = /^Framescope is ready at (\S+)$/.exec(output[0] ?? '') ?? []
      if (url === undefined) throw new Error(`It did not start: ${complaints.join('\n')}`)
      return new URL(url)
    },
  }
}

const startHere = () => start('--port', '0', '--data', dataFolder)

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-(pid ?? NaN), signal)
  } catch {
    return false
  }
}

/** A page as the browser host sees one. */
async function openPage(url: URL) {
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? ''
  const socket = new WebSocket(`ws://${url.host}/rpc`, ['framescope.v1', `token.${token}`], {
    origin: url.origin,
  })
  await once(socket, 'open')
  const waiting = new Map<number, (envelope: Envelope) => void>()
  socket.on('message', (data: Buffer) => {
    const message = decodeMessage(data)
    if (message.kind === 'reply') waiting.get(message.id)?.(message.envelope)
  })
  let id = 0
  const call = async (name: string, input: unknown): Promise<unknown> => {
    socket.send(encodeMessage({ kind: 'call', id: ++id, name, input }))
    const envelope = await new Promise<Envelope>((resolve) => waiting.set(id, resolve))
    if (!envelope.ok) throw new Error(envelope.error.message)
    return envelope.value
  }
  return { socket, call }
}

/** The app connected to a server that tells how it was left. */
async function connectPeer(url: URL) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const page = await openPage(url)
  const connected = once(server, 'connection') as Promise<[WebSocket]>
  const config = defaultConfig(`ws://127.0.0.1:${port}`)
  const { id } = (await page.call('connections.create', { config })) as { id: string }
  await page.call('connections.connect', { connectionId: id })
  const [peer] = await connected
  const left = once(peer, 'close').then(([code]) => code as number)
  return { page, left, close: () => server.close() }
}

/** Every document is whole and nothing temporary is left. */
async function expectWholeFiles() {
  const files = (await readdir(dataFolder, { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  )
  expect(files.map(({ name }) => name).filter((name) => /tmp|temp|partial/i.test(name))).toEqual([])
  const documents = files.filter(({ name }) => name.endsWith('.json'))
  expect(documents.length).toBeGreaterThan(0)
  for (const { parentPath, name } of documents) {
    const text = await readFile(join(parentPath, name), 'utf8')
    expect(() => JSON.parse(text) as unknown, name).not.toThrow()
  }
}

describe.skipIf(process.platform === 'win32')('npm start', { timeout: patience }, () => {
  it('ends with 0 on Ctrl+C, says 1001 to peers and pages, and leaves no process', async () => {
    const app = startHere()
    const { page, left, close } = await connectPeer(await app.url())
    const pageLeft = once(page.socket, 'close')
    signalGroup(app.launcher, 'SIGINT')
    expect(await left).toBe(1001)
    expect((await pageLeft)[0]).toBe(1001)
    expect(await app.closed).toBe(0)
    expect(signalGroup(app.launcher, 0)).toBe(false)
    expect(app.output).toHaveLength(1)
    await expectWholeFiles()
    close()
  })

  it('ends the same way when only the launcher is told to', async () => {
    const app = startHere()
    const { left, close } = await connectPeer(await app.url())
    app.launcher.kill('SIGTERM')
    expect(await left).toBe(1001)
    expect(await app.closed).toBe(0)
    expect(signalGroup(app.launcher, 0)).toBe(false)
    await expectWholeFiles()
    close()
  })

  it('ends the same way when the launcher is killed', async () => {
    const app = startHere()
    const { left, close } = await connectPeer(await app.url())
    app.launcher.kill('SIGKILL')
    expect(await left).toBe(1001)
    await app.closed
    await expect.poll(() => signalGroup(app.launcher, 0), { timeout: 5000 }).toBe(false)
    await expectWholeFiles()
    close()
  })

  it('starts again on the same data folder at once', async () => {
    for (let run = 0; run < 2; run++) {
      const app = startHere()
      await app.url()
      signalGroup(app.launcher, 'SIGINT')
      expect(await app.closed).toBe(0)
    }
  })

  it('refuses a data folder that another one uses, in one sentence', async () => {
    const first = startHere()
    await first.url()
    const second = startHere()
    expect(await second.closed).toBe(1)
    expect(second.output).toEqual([])
    expect(second.complaints).toHaveLength(1)
    expect(second.complaints[0]).toContain(dataFolder)
  })

  it('refuses a port that is taken, in one sentence', async () => {
    const rival = createServer().listen(0, '127.0.0.1')
    await once(rival, 'listening')
    const { port } = rival.address() as AddressInfo
    const app = start('--port', String(port), '--data', dataFolder)
    expect(await app.closed).toBe(1)
    expect(app.complaints).toEqual([`Port ${port} is taken. --port 0 picks a free one.`])
    rival.close()
  })

  it('refuses a flag it does not know with exit code 2', async () => {
    const app = start('--nonsense')
    expect(await app.closed).toBe(2)
    expect(app.complaints).toHaveLength(1)
    expect(app.complaints[0]).toContain('--nonsense')
  })
})
