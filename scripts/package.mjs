/*
 * `npm run package`: builds the app and makes installers for this system into dist/. Arguments are
 * handed on to electron-builder.
 */
import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingDownload } from './lib/missing-download.mjs'

const root = fileURLToPath(new URL('../', import.meta.url))
const require = createRequire(import.meta.url)

await run('Building Framescope', bin('electron-vite', 'bin/electron-vite.js'), ['build'])
await run('Making installers in dist/', bin('electron-builder', 'out/cli/cli.js'), [
  ...['--config', 'build/electron-builder.yml', '--publish', 'never'],
  ...process.argv.slice(2),
])

function bin(name, path) {
  return join(dirname(require.resolve(`${name}/package.json`)), path)
}

/** Ends this process with the program's own code when it fails. */
async function run(title, script, args) {
  process.stdout.write(`${title}\n`)
  const child = spawn(process.execPath, [script, ...args], {
    cwd: root,
    stdio: ['inherit', 'pipe', 'pipe'],
  })
  let output = ''
  for (const [from, to] of [
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])
    from.on('data', (chunk) => {
      output += chunk
      to.write(chunk)
    })
  const code = await new Promise((resolve) => child.on('close', resolve))
  if (code === 0) return
  const missing = missingDownload(output)
  if (missing !== null)
    process.stderr.write(
      `\nNo installer was made: ${missing} could not be downloaded. It comes from github.com.\n`,
    )
  process.exit(code ?? 1)
}
