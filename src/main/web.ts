import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '@shared/errors'
import { version } from '../../package.json'
import { createBackend } from './backend'
import type { Host } from './host'
import { createLogger, type Logger } from './logging/logger'
import { defaultDataFolder } from './storage/default-data-folder'
import { createAccessToken } from './web/access-token'
import { openBrowser } from './web/browser-opener'
import { startWebServer, type WebServer, type WebServerOptions } from './web/http-server'
import { stopOnSignals } from './web/stop-signals'
import { defaultPort, parseWebArguments, type WebArguments } from './web/web-arguments'

const host = {
  kind: 'web',
  nativeMenu: false,
  secretBox: null,
  secretsNote:
    'A browser has no safe place for secrets, so they are kept in memory until Framescope stops.',
} as const satisfies Partial<Host>

let stop = () => Promise.resolve()
stopOnSignals(() => stop())
try {
  await start(parseWebArguments(process.argv.slice(2)))
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}

async function start({ port, open, dataFolder, allowedFolders }: WebArguments): Promise<void> {
  const folder = dataFolder ?? defaultDataFolder()
  const log = createLogger(folder)
  const backend = await createBackend({
    host: { ...host, allowedFolders: requireFolders(allowedFolders) },
    dataFolder: folder,
    version,
    log,
  })
  const server = await listen(port, {
    root: resolve(import.meta.dirname, '../renderer'),
    token: createAccessToken(),
    backend,
    log,
  }).catch(async (error: unknown) => {
    await backend.dispose()
    throw error
  })
  stop = async () => {
    await server.close()
    await backend.dispose()
  }
  dieOnDefects(log)
  backend.announce(new URL(server.url).origin)
  process.stdout.write(`Framescope is ready at ${server.url}\n`)
  if (open) openBrowser(server.url)
}

/** @throws {Error} with a sentence for the user. */
function requireFolders(paths: readonly string[]): readonly string[] {
  for (const path of paths)
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw new Error(`--allow-dir takes a folder, and ${path} is none.`)
  return paths
}

/** The default port is a wish: whoever did not ask for one gets any that is free. */
async function listen(
  port: number | null,
  options: Omit<WebServerOptions, 'port'>,
): Promise<WebServer> {
  if (port !== null) return startWebServer({ ...options, port })
  try {
    return await startWebServer({ ...options, port: defaultPort })
  } catch (error) {
    if (error instanceof AppError && error.code === 'PORT_IN_USE')
      return startWebServer({ ...options, port: 0 })
    throw error
  }
}

/** After an error nobody caught the state is unknown; the log has it, the terminal names it. */
function dieOnDefects(log: Logger): void {
  process.on('uncaughtException', (error) => {
    const id = log.error('An error was not caught', error)
    process.stderr.write(`Framescope met a defect. The log file has the details under ${id}.\n`)
    process.exit(1)
  })
}
