import { spawn } from 'node:child_process'

/**
 * Opens the page in the user's browser. No shell sees the URL; a machine without a browser is no
 * error, because the URL is printed as well.
 */
export function openBrowser(url: string): void {
  const [command, ...args] = openerOf(process.platform, process.env, url)
  if (command === undefined) return
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}

/** The command that opens a URL, empty where there is no display to open it on. */
export function openerOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  url: string,
): readonly string[] {
  if (platform === 'darwin') return ['open', url]
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  const hasDisplay = env['DISPLAY'] || env['WAYLAND_DISPLAY'] || env['WSL_DISTRO_NAME']
  return hasDisplay ? ['xdg-open', url] : []
}
