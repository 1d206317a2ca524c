import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { connectSnippets, type ConnectSnippet } from '@shared/model/connect-snippets'
import { newRoute, type Route } from '@shared/model/server-route'
import { SegmentLog } from '../../src/main/engine/frame-log/segment-log'
import { LocalServer } from '../../src/main/engine/local-server/local-server'
import { serverProfile } from '../support/server-profile'
import { removeFolder, temporaryFolder } from './test-backend'

const run = promisify(execFile)
const log = new SegmentLog({ id: 'server', folder: null })
const route: Route = {
  ...newRoute('r', '/rooms/:room'),
  behaviours: [{ id: 'e', kind: 'echo' }],
  protocols: { accepted: ['chat.v2', 'chat.v1'], choose: 'client', required: true },
  requires: [
    { in: 'header', name: 'X-Key', value: `it's "open"` },
    { in: 'query', name: 'token', value: 'a b&c' },
  ],
}
const server = new LocalServer({
  log,
  profile: serverProfile({
    plan: { routes: [route], otherPaths: { kind: 'destroy' }, plain: [] },
  }),
  onChanged: () => undefined,
  onClientsChanged: () => undefined,
})
let folder: string
let snippets: ConnectSnippet[]

beforeAll(async () => {
  folder = await temporaryFolder()
  const { port } = await server.start()
  snippets = connectSnippets(`ws://127.0.0.1:${port}`, route)
})
afterAll(async () => {
  await server.dispose()
  await removeFolder(folder)
})

const textOf = (id: ConnectSnippet['id']) => snippets.find((each) => each.id === id)?.text ?? ''

/** Runs a client until the server has heard and echoed what it sends, or shown its handshake. */
async function isServed(command: string, args: string[], echoes: boolean): Promise<void> {
  const before = log.total
  const control = new AbortController()
  const running = run(command, args, { signal: control.signal }).catch((error: Error) => error)
  await Promise.race([
    vi.waitFor(() => {
      const rows = Array.from({ length: log.total - before }, (_, index) => log.row(before + index))
      expect(rows.map((row) => row?.kind)).toContain('open')
      if (echoes) expect(rows.filter((row) => row?.preview === 'hello')).toHaveLength(2)
    }),
    running.then((outcome) => {
      if (outcome instanceof Error && outcome.name !== 'AbortError') throw outcome
    }),
  ])
  control.abort()
  await running
}

const installed = async (command: string, ...args: string[]) =>
  run(command, args).then(
    () => true,
    () => false,
  )

it('connect from Node', async () => {
  // Where it finds the package that it imports.
  const file = join(import.meta.dirname, `../../node_modules/.snippet-${process.pid}.mjs`)
  await writeFile(file, textOf('node'))
  await isServed(process.execPath, [file], true)
  await rm(file)
})

it('connect with curl', async (context) => {
  if (!(await installed('curl', '--version'))) context.skip('curl is not installed')
  await isServed('sh', ['-c', textOf('curl')], false)
})

it('connect from Python', async (context) => {
  const pythons = ['python3', '/usr/bin/python3']
  const able = await Promise.all(pythons.map((name) => installed(name, '-c', 'import websockets')))
  const python = pythons[able.indexOf(true)]
  if (python === undefined) return context.skip('Python has no websockets')
  const file = join(folder, 'snippet.py')
  const isOld = !(await installed(python, '-c', 'import websockets.asyncio.client'))
  const text = textOf('python')
  await writeFile(file, isOld ? text.replace('additional_headers', 'extra_headers') : text)
  await isServed(python, [file], true)
})

it('name what a page cannot send, and quote what a shell would take apart', () => {
  expect(textOf('browser')).toContain('// A page cannot send X-Key')
  expect(textOf('wscat')).toContain(`--header 'X-Key: it'\\''s "open"'`)
  expect(textOf('wscat')).toContain('/rooms/room?token=a%20b%26c')
  expect(textOf('websocat')).toContain('--protocol chat.v2,chat.v1')
})
