import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { workerModules } from '../../scripts/lib/worker-modules.mjs'

// node test/bench/run.mjs <bench | soak> [options]: bundles one of them as the app itself is bundled,
// because Node knows no path aliases, and runs it.

const root = join(import.meta.dirname, '..', '..')
const bundles = join(root, 'node_modules', '.cache', `framescope-bench-${process.pid}`)
const [main, ...options] = process.argv.slice(2)

const entries = [main, 'subject', 'flood-server', 'scan-bench']
const entry = (name) => [name, join(import.meta.dirname, `${name}.ts`)]

try {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { '@shared': join(root, 'src', 'shared') } },
    plugins: [workerModules()],
    build: {
      ssr: true,
      target: 'node24',
      outDir: bundles,
      minify: false,
      rolldownOptions: { input: Object.fromEntries(entries.map(entry)) },
    },
  })
  const run = spawn(process.execPath, [join(bundles, `${main}.js`), ...options], {
    cwd: root,
    stdio: 'inherit',
  })
  const [code] = await once(run, 'exit')
  process.exitCode = code ?? 1
} finally {
  await rm(bundles, { recursive: true, force: true })
}
