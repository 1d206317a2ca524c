import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Marks the place of the fuses in Electron's binary. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'

/** As Electron delivers them: version 1, eight fuses, in the order of `FuseV1Options`. */
const wire = Buffer.from([1, 8, ...Buffer.from('10110001')])

/** A folder shaped like an unpacked Electron for Linux, with a binary that holds nothing but fuses. */
export async function writeDummyElectron(folder: string, version: string): Promise<void> {
  await mkdir(join(folder, 'locales'), { recursive: true })
  await mkdir(join(folder, 'resources'))
  const elfHeader = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0])
  const padding = Buffer.alloc(4096)
  const binary = Buffer.concat([elfHeader, padding, Buffer.from(sentinel), wire, padding])
  await writeFile(join(folder, 'electron'), binary, { mode: 0o755 })
  await writeFile(join(folder, 'chrome-sandbox'), elfHeader, { mode: 0o755 })
  await writeFile(join(folder, 'version'), version)
  await writeFile(join(folder, 'LICENSE'), 'dummy')
  await writeFile(join(folder, 'locales', 'en-US.pak'), '')
}
