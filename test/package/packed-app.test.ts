import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { promisify } from 'node:util'
import { extractFile, listPackage } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeDummyElectron } from './dummy-electron'

const builder = 'node_modules/electron-builder/out/cli/cli.js'
let folder: string
let unpacked: string
let archive: string

/** Paths in app.asar as electron-builder lists them, with `/` and without folders. */
function packedFiles(): string[] {
  const paths = listPackage(archive, { isPack: false }).map((path) =>
    path.split(sep).join('/').slice(1),
  )
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`))).sort()
}

function builtFiles(): string[] {
  return globSync('out/**/*', { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).split(sep).join('/'))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-package-'))
  const electron = JSON.parse(await readFile('node_modules/electron/package.json', 'utf8')) as {
    version: string
  }
  await writeDummyElectron(join(folder, 'electron'), electron.version)
  const output = join(folder, 'dist')
  // The real configuration; only where Electron comes from and where the result goes differ.
  await promisify(execFile)(
    process.execPath,
    [
      builder,
      ...['--config', 'build/electron-builder.yml', '--linux', '--dir', '--x64'],
      ...['--publish', 'never'],
      `-c.electronDist=${join(folder, 'electron')}`,
      `-c.directories.output=${output}`,
    ],
    { env: { ...process.env, ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } },
  )
  unpacked = join(output, 'linux-unpacked')
  archive = join(unpacked, 'resources', 'app.asar')
}, 120_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the packed app', () => {
  it('holds exactly what runs', () => {
    const ws = globSync('node_modules/ws/{index.js,wrapper.mjs,package.json,LICENSE,lib/*.js}')
    const expected = [
      'package.json',
      ...builtFiles(),
      ...ws.map((file) => file.split(sep).join('/')),
    ]

    expect(ws.length).toBeGreaterThan(10)
    expect(packedFiles()).toEqual(expected.sort())
  })

  it('holds every file as it was built', () => {
    for (const file of builtFiles())
      expect(extractFile(archive, file).equals(readFileSync(file)), file).toBe(true)
  })

  it('has a manifest that names the entry and little else', () => {
    const manifest = JSON.parse(extractFile(archive, 'package.json').toString()) as Record<
      string,
      unknown
    >

    expect(manifest).toMatchObject({
      name: 'framescope',
      productName: 'Framescope',
      type: 'module',
      main: 'out/main/index.js',
    })
    expect(manifest).not.toHaveProperty('scripts')
    expect(manifest).not.toHaveProperty('devDependencies')
  })

  it('is one archive with nothing beside it', async () => {
    expect(await readdir(join(unpacked, 'resources'))).toEqual(['app.asar'])
  })

  it.each([
    ['RunAsNode', '0'],
    ['EnableCookieEncryption', '1'],
    ['EnableNodeOptionsEnvironmentVariable', '0'],
    ['EnableNodeCliInspectArguments', '0'],
    ['EnableEmbeddedAsarIntegrityValidation', '1'],
    ['OnlyLoadAppFromAsar', '1'],
    ['GrantFileProtocolExtraPrivileges', '0'],
  ] as const)('has the fuse %s set', async (name, state) => {
    const fuses = await getCurrentFuseWire(join(unpacked, 'framescope'))

    expect(String.fromCharCode(Number(fuses[FuseV1Options[name]]))).toBe(state)
  })
})
