import { readdir, readFile } from 'node:fs/promises'

/** Whether a Chromium runs on this machine, as far as `/proc` tells. */
export async function chromiumState(): Promise<'open' | 'not open' | 'not known to be open'> {
  const entries = await readdir('/proc').catch(() => undefined)
  if (!entries) return 'not known to be open'
  const names = await Promise.all(
    entries
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => readFile(`/proc/${entry}/comm`, 'utf8').catch(() => '')),
  )
  return names.some((name) => /^(chrom|headless_shell)/.test(name)) ? 'open' : 'not open'
}
