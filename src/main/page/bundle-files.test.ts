import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBundleFile, mimeType } from './bundle-files'

describe('findBundleFile', () => {
  let folder: string
  let root: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framescope-page-'))
    root = join(folder, 'renderer')
    await mkdir(join(root, 'assets'), { recursive: true })
    await mkdir(join(folder, 'renderer-secrets'))
    await writeFile(join(root, 'index.html'), 'index')
    await writeFile(join(root, 'assets', 'a b.js'), 'script')
    await writeFile(join(root, 'assets', '%2e%2e'), 'oddly named')
    await writeFile(join(folder, 'secret.txt'), 'secret')
    await writeFile(join(folder, 'renderer-secrets', 'secret.txt'), 'secret')
    await symlink(join(folder, 'secret.txt'), join(root, 'assets', 'link.txt'))
    await symlink(folder, join(root, 'out'))
  })

  afterAll(() => rm(folder, { recursive: true }))

  it.each([
    ['/', 'index.html'],
    ['/?theme=dark', 'index.html'],
    ['/index.html#token', 'index.html'],
    ['/assets/a%20b.js', 'a b.js'],
    ['/assets/%252e%252e', '%2e%2e'],
  ])('finds %s', async (path, name) => {
    expect(basename((await findBundleFile(root, path)) ?? '')).toBe(name)
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/%2E%2E%2Fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/..%5csecret.txt',
    '/..\\secret.txt',
    '/assets/%2e%2e%5c%2e%2e%5csecret.txt',
    '//etc/passwd',
    '/%2fetc/passwd',
    '/C:/Windows/win.ini',
    '/C:%5CWindows%5Cwin.ini',
    '/index.html::$DATA',
    '/index.html%00',
    '/index.html%00.js',
    '/../renderer-secrets/secret.txt',
    '/assets/link.txt',
    '/out/secret.txt',
    '/./index.html',
    '/assets//a%20b.js',
    '/assets',
    '/assets/',
    '/absent.js',
    '/%',
    '/%ff',
    'index.html',
    '',
  ])('finds nothing at %s', async (path) => {
    expect(await findBundleFile(root, path)).toBeNull()
  })

  it('knows the media types of a built page and sniffs nothing', () => {
    expect(mimeType('index.html')).toBe('text/html; charset=utf-8')
    expect(mimeType('assets/a.JS')).toBe('text/javascript; charset=utf-8')
    expect(mimeType('font.woff2')).toBe('font/woff2')
    expect(mimeType('unknown.xyz')).toBe('application/octet-stream')
  })
})
