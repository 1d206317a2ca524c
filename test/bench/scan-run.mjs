import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { workerModules } from '../../scripts/lib/worker-modules.mjs'

// node test/bench/scan-run.mjs [--rows N]: measures scans, statistics and the timeline, prints JSON.

const root = join(import.meta.dirname, '..', '..')
const bundles = join(root, 'node_modules', '.cache', `framescope-scan-bench-${process.pid}`)

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
      rolldownOptions: { input: { 'scan-bench': join(import.meta.dirname, 'scan-bench.ts') } },
    },
  })
  const bench = spawn(
    process.execPath,
    [join(bundles, 'scan-bench.js'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
  )
  const [code] = await once(bench, 'exit')
  process.exitCode = code ?? 1
} finally {
  await rm(bundles, { recursive: true, force: true })
}
