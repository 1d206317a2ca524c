import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { nodeEnvironment, nodePath } from './node-path.mjs'
import { cache, installed, root } from './places.mjs'
import { runQuietly } from './run-quietly.mjs'
import { Refusal, say } from './say.mjs'

const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json']

const outputs = [
  'out/main/index.js',
  'out/main/web.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]

const stamp = join(cache, 'build')

/** Builds the app unless `out/` is what the sources say. */
export async function ensureBuild() {
  const wanted = await digestInputs()
  const built = await readFile(stamp, 'utf8').catch(() => null)
  if (built === wanted && outputs.every((file) => existsSync(join(root, file)))) return
  say('Building the app')
  await rm(stamp, { force: true })
  const { code, output } = await runQuietly(
    nodePath(),
    [installed('electron-vite/bin/electron-vite.js'), 'build'],
    { cwd: root, env: nodeEnvironment({ NO_COLOR: '1', FORCE_COLOR: undefined }) },
  )
  if (code !== 0) throw new Refusal(`${output.trimEnd()}\nThe app could not be built: see above.`)
  await mkdir(dirname(stamp), { recursive: true })
  await writeFile(stamp, wanted)
}

/** By content, because times change with every checkout. */
async function digestInputs() {
  const hash = createHash('sha256')
  for (const input of inputs) {
    for (const file of await filesOf(join(root, input))) {
      if (file.endsWith('.test.ts')) continue
      hash.update(`${file.slice(root.length)}\0`).update(await readFile(file))
    }
  }
  return hash.digest('hex')
}

async function filesOf(path) {
  const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => null)
  if (!entries) return [path]
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
