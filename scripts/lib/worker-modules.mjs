import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { build } from 'vite'
import { cache, root } from './places.mjs'

const query = '?modulePath'
const folder = join(cache, 'workers')

/**
 * Vite plugin: `import path from './some-worker?modulePath'` gives the path of that module as one
 * file that a worker thread can run. electron-vite brings the same for the app itself; this one is
 * for what is not built by it: tests, and the scripts that tests and benchmarks run.
 */
export function workerModules() {
  return {
    name: 'framescope-worker-modules',
    enforce: 'pre',
    async load(id) {
      if (!id.endsWith(query)) return null
      const entry = id.slice(0, -query.length)
      const chunk = await bundle(entry)
      for (const file of chunk.moduleIds) if (!file.startsWith('\0')) this.addWatchFile(file)
      return `export default ${JSON.stringify(await keep(entry, chunk.code))}`
    },
  }
}

/** Everything but Node's own modules goes into the one file, because it runs from another folder. */
async function bundle(entry) {
  const { output } = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { '@shared': join(root, 'src/shared') } },
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      write: false,
      target: 'node24',
      minify: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  })
  return output[0]
}

/** Named by content: processes that build at the same time write the same file. */
async function keep(entry, code) {
  const digest = createHash('sha256').update(code).digest('hex').slice(0, 16)
  const file = join(folder, `${basename(entry, extname(entry))}-${digest}.mjs`)
  if (existsSync(file)) return file
  await mkdir(folder, { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, code)
  await rename(draft, file)
  return file
}
