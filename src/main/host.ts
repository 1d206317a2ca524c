/** Encrypts short texts with a key the operating system keeps. */
export interface SecretBox {
  encrypt(text: string): Promise<Uint8Array>
  decrypt(bytes: Uint8Array): Promise<string>
}

/** Where an export is written. Exactly one of `finish` and `abort` ends it. */
export interface FileSink {
  /** The file's name without its folder. */
  readonly name: string
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<void>
  /** Leaves nothing behind. */
  abort(): Promise<void>
}

/** What the platform lends to the engine: the one thing that differs between Electron and a browser. */
export interface Host {
  readonly kind: 'electron' | 'web'
  readonly nativeMenu: boolean
  /** `null` where the system offers no encryption; `secretsNote` then says why. */
  readonly secretBox: SecretBox | null
  readonly secretsNote: string
  /** Opens an http or https URL in the system's browser; absent where the page does that itself. */
  readonly openExternal?: (url: string) => Promise<void>
  /** Folders that local servers may serve where no dialog chooses them. */
  readonly allowedFolders: readonly string[]
  /** Asks for a folder; `null` when cancelled. Absent where there is no dialog. */
  readonly chooseFolder?: () => Promise<string | null>
  /** Asks where to save; `null` when cancelled. Absent where the page downloads in chunks. */
  readonly saveFile?: (suggestedName: string) => Promise<FileSink | null>
}
