import { safeStorage } from 'electron'
import type { SecretBox } from '../host'

export interface SecretStorage {
  readonly secretBox: SecretBox | null
  readonly secretsNote: string
}

/** Asks the operating system for encryption. Call it when the app is ready. */
export async function openSecretStorage(platform: NodeJS.Platform): Promise<SecretStorage> {
  // Chromium's `basic_text` encrypts with a key that everybody knows.
  if (platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text')
    return without('No keyring was found on this system.')
  if (!(await safeStorage.isAsyncEncryptionAvailable()))
    return without('The operating system offers no encryption.')
  return { secretBox: { encrypt, decrypt }, secretsNote: '' }
}

function without(reason: string): SecretStorage {
  return {
    secretBox: null,
    secretsNote: `${reason} Secret header values are kept in memory until Framescope quits.`,
  }
}

function encrypt(text: string): Promise<Uint8Array> {
  return safeStorage.encryptStringAsync(text)
}

async function decrypt(bytes: Uint8Array): Promise<string> {
  const { result } = await safeStorage.decryptStringAsync(Buffer.from(bytes))
  return result
}
