import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/**
 * Tests of what another implementation makes or thinks are skipped where it is not installed. LibreSSL,
 * of the same name, knows other options.
 */
export const opensslMissing = !/^OpenSSL [3-9]/.test(
  spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '',
)

/** Runs openssl; gives what it printed. */
export async function openssl(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)('openssl', args)).stdout
}
