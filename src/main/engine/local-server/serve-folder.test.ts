import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServerPlan } from '@shared/model/server-route'
import { serverProfile } from '../../../../test/support/server-profile'
import { SegmentLog } from '../frame-log/segment-log'
import { LocalServer } from './local-server'

let home: string
let server: LocalServer

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'framescope-folder-'))
  const site = join(home, 'site')
  await mkdir(join(site, 'sub', 'empty'), { recursive: true })
  await mkdir(join(site, '.git'))
  await writeFile(join(home, 'secret.txt'), 'secret')
  await writeFile(join(home, 'site-of-another.txt'), 'secret')
  await writeFile(join(site, 'index.html'), '<h1>home</h1>')
  await writeFile(join(site, 'sub', 'index.html'), 'sub')
  await writeFile(join(site, 'a b.js'), 'let x')
  await writeFile(join(site, 'nothing.bin'), '')
  await writeFile(join(site, '.env'), 'secret')
  await writeFile(join(site, '.git', 'config'), 'secret')
  await symlink(join(home, 'secret.txt'), join(site, 'out.txt'))
  await symlink(home, join(site, 'up'))
  await symlink(join(site, 'index.html'), join(site, 'within.html'))
  const folder = (path: string, folderId: string | null, id: string) =>
    ({ id, path, answer: { kind: 'folder', folderId } }) as const
  const plan: ServerPlan = {
    routes: [],
    otherPaths: { kind: 'destroy' },
    plain: [
      folder('/files/*', 'site', 'a'),
      folder('/none/*', null, 'b'),
      folder('*', 'site', 'c'),
    ],
  }
  server = new LocalServer({
    log: new SegmentLog({ id: 'server', folder: null }),
    profile: serverProfile({ plan }),
    folderPath: (folderId) => (folderId === 'site' ? site : null),
    onChanged: () => undefined,
    onClientsChanged: () => undefined,
  })
  await server.start()
})
afterAll(async () => {
  await server.dispose()
  await rm(home, { recursive: true, force: true })
})

/** Asks for a path as it is written; `fetch` would tidy it up. */
function get(path: string, method = 'GET') {
  const { port } = server.state
  return new Promise<{ status: number; type: string; location: string; body: string }>(
    (resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path, method }, (response) => {
        let body = ''
        response.on('data', (chunk: Buffer) => (body += chunk.toString()))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers['content-type'] ?? '',
            location: response.headers.location ?? '',
            body,
          }),
        )
      })
      asked.on('error', reject)
      asked.end()
    },
  )
}

it.each([
  ['/files/', 'text/html; charset=utf-8', '<h1>home</h1>'],
  ['/', 'text/html; charset=utf-8', '<h1>home</h1>'],
  ['/files/index.html?x=1', 'text/html; charset=utf-8', '<h1>home</h1>'],
  ['/files/a%20b.js', 'text/javascript; charset=utf-8', 'let x'],
  ['/files/sub/', 'text/html; charset=utf-8', 'sub'],
  ['/files/within.html', 'text/html; charset=utf-8', '<h1>home</h1>'],
  ['/files/nothing.bin', 'application/octet-stream', ''],
])('%s is a file', async (path, type, body) => {
  expect(await get(path)).toEqual({ status: 200, type, location: '', body })
})

it('answers HEAD without the file, and nothing else', async () => {
  expect(await get('/files/a%20b.js', 'HEAD')).toMatchObject({ status: 200, body: '' })
  expect((await get('/files/a%20b.js', 'POST')).status).toBe(405)
})

it.each([
  ['/files', './files/'],
  ['/files/sub?x=1', './sub/?x=1'],
  ['//evil.example/files/sub', undefined],
])('leads from %s to the folder', async (path, location) => {
  const answer = await get(path)
  if (location === undefined) expect(answer.status).toBe(404)
  else expect(answer).toMatchObject({ status: 301, location })
})

it.each([
  '/files/../secret.txt',
  '/files/%2e%2e/secret.txt',
  '/files/..%2fsecret.txt',
  '/files/..%5csecret.txt',
  '/files/sub/../../secret.txt',
  '/files/up/secret.txt',
  '/files/out.txt',
  '/files/../site-of-another.txt',
  '/files/.env',
  '/files/.git/config',
  '/files/%00',
  '/files/C:/secret.txt',
  '/files/%zz',
  '/files/sub/empty/',
  '/files/index.html/',
  '/none/index.html',
])('%s is nothing', async (path) => {
  const { status, body } = await get(path)
  expect(status).toBe(404)
  expect(body).not.toContain('secret\n')
  expect(body).not.toBe('secret')
})
