import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { ensureBuild } from '../../scripts/lib/ensure-build.mjs'
import { ensureChromium } from '../../scripts/lib/ensure-chromium.mjs'
import { workerModules } from '../../scripts/lib/worker-modules.mjs'

// node test/bench/run.mjs <bench | soak> [options]: bundles one of them as the app itself is bundled,
// because Node knows no path aliases, and runs it.

const root = join(import.meta.dirname, '..', '..')
const bundles = join(root, 'node_modules', '.cache', `framescope-bench-${process.pid}`)
const [main, ...options] = process.argv.slice(2)

const entries = [main, 'subject', 'flood-server', 'scan-bench']
const entry = (name) => [name, join(import.meta.dirname, `${name}.ts`)]

/** The measure named `page` needs the built app and a Chromium, and so a process of another kind. */
function withoutPage(options) {
  const at = options.indexOf('--only')
  if (at < 0) return { own: options, page: true }
  const names = (options[at + 1] ?? '').split(',').map((name) => name.trim())
  const others = names.filter((name) => name !== 'page')
  const page = others.length < names.length
  if (page && others.length === 0) return { own: null, page }
  return { own: options.with(at + 1, others.join(',')), page }
}

async function runPage() {
  await ensureBuild()
  const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  await run([playwright, 'test', '--config', 'test/bench/page/page.config.ts'], {
    PLAYWRIGHT_CHROMIUM: await ensureChromium(),
    BENCH_FLOOD_SERVER: join(bundles, 'flood-server.js'),
  })
}

async function run(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) process.exitCode = code ?? 1
}

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
  const { own, page } = main === 'bench' ? withoutPage(options) : { own: options, page: false }
  if (own) await run([join(bundles, `${main}.js`), ...own])
  if (page) await runPage()
} finally {
  await rm(bundles, { recursive: true, force: true })
}
