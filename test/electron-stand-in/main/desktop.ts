import { EventEmitter } from 'node:events'
import type { Dialog, Display, NativeTheme, SafeStorage, Screen, Shell } from 'electron'
import { double } from '../double'
import { mustBeReady } from './app'
import { config, link } from './machine'

const dialogMembers = {
  async showSaveDialog(...args: unknown[]) {
    const options = args.at(-1) as { defaultPath?: string }
    const filePath = (await link.call('dialog.save', options.defaultPath ?? '')) as string | null
    return { canceled: filePath === null, filePath: filePath ?? '' }
  },
  async showOpenDialog() {
    const path = (await link.call('dialog.open')) as string | null
    return { canceled: path === null, filePaths: path === null ? [] : [path] }
  },
  showErrorBox(title: string, content: string): void {
    process.stderr.write(`${title}\n${content}\n`)
    void link.call('dialog.error', title, content)
  },
} satisfies Partial<Dialog>

export const dialog = double('dialog', dialogMembers)

export const shell = double('shell', {
  async openExternal(url: string): Promise<void> {
    await link.call('shell.open', url)
  },
} satisfies Partial<Shell>)

const marker = Buffer.from('stand-in:')

export const safeStorage = double('safeStorage', {
  async isAsyncEncryptionAvailable() {
    mustBeReady('safeStorage')
    return config.keyring !== 'none'
  },
  getSelectedStorageBackend() {
    return config.keyring === 'none' ? 'unknown' : config.keyring
  },
  /** Reversible and unlike the text, which is all that the app can tell of encryption. */
  async encryptStringAsync(plainText: string) {
    return Buffer.concat([marker, Buffer.from(plainText).map((byte) => byte ^ 0x5a)])
  },
  async decryptStringAsync(encrypted: Buffer) {
    if (!Buffer.isBuffer(encrypted)) throw new TypeError('decryptStringAsync takes a Buffer')
    if (!encrypted.subarray(0, marker.length).equals(marker))
      throw new Error('Error while decrypting the ciphertext')
    const result = encrypted
      .subarray(marker.length)
      .map((byte) => byte ^ 0x5a)
      .toString()
    return { shouldReEncrypt: false, result }
  },
} satisfies Partial<SafeStorage>)

export const screen = double('screen', {
  getAllDisplays() {
    mustBeReady('screen')
    return config.workAreas.map((workArea, id) => ({ id, workArea, bounds: workArea }) as Display)
  },
} satisfies Partial<Screen>)

class NativeThemeDouble
  extends EventEmitter
  implements Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>
{
  #source: NativeTheme['themeSource'] = 'system'

  get themeSource() {
    return this.#source
  }

  set themeSource(source) {
    this.#source = source
    void link.call('theme.changed', this.shouldUseDarkColors)
    this.emit('updated')
  }

  get shouldUseDarkColors(): boolean {
    return this.#source === 'system' ? config.systemDark : this.#source === 'dark'
  }
}

export const nativeTheme = double('nativeTheme', new NativeThemeDouble())
