/** Causes that mean the network, not the app, was in the way. */
const network =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|status code (?:403|404|407|5\d\d)|Response code \d{3}|socket hang up/

/** What electron-builder fetches for each kind of installer. */
const tools = {
  AppImage: 'the AppImage tool',
  deb: 'fpm, which makes the Debian package',
  nsis: 'NSIS, which makes the Windows installer',
  dmg: 'the tool that makes the disk image',
}

/**
 * Reads from electron-builder's output which download it missed.
 * @param {string} output
 * @returns {string | null} its name, or `null` when the failure was another one.
 */
export function missingDownload(output) {
  const failure = output.split('\n').findLast((line) => line.includes('⨯'))
  if (failure === undefined || !network.test(output.slice(output.indexOf('⨯')))) return null
  const [, target] = /building\s+target=(\w+)[^]*$/.exec(output.slice(lastBuild(output))) ?? []
  const failed = /failed to build (\w+)/.exec(output)?.[1] ?? target
  if (failed !== undefined) return tools[failed] ?? `what the target ${failed} needs`
  const version = /electron=(\S+)/.exec(output)?.[1]
  return `the Electron runtime${version === undefined ? '' : ` ${version}`}`
}

function lastBuild(output) {
  return Math.max(0, output.lastIndexOf('building '))
}
