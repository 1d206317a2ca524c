import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { workerModules } from '../../scripts/lib/worker-modules.mjs'

// Bundles the benchmark as the app itself is bundled, because Node knows no path aliases, and runs it.

const root = join(import.meta.dirname, '..', '..')
const bundles = join(root, 'node_modules', '.cache', `framescope-bench-${process.pid}`)

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
      rolldownOptions: {
        input: Object.fromEntries(['flood-bench', 'flood-client', 'flood-server'].map(entry)),
      },
    },
  })
  const bench = spawn(
    process.execPath,
    [join(bundles, 'flood-bench.js'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  )
  const [code] = await once(bench, 'exit')
  process.exitCode = code ?? 1
} finally {
  await rm(bundles, { recursive: true, force: true })
}
