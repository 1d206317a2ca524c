import * as v from 'valibot'
import { Settings, defaultSettings } from '@shared/model/settings'
import type { DocumentFormat } from './document-format'
import { JsonDocument, type Notify } from './json-document'
import { migrations } from './migrations/migrations'
import { withDefaults } from './with-defaults'

/** Some settings; what is absent or undefined stays as it is. */
export type SettingsPart = { readonly [Key in keyof Settings]?: Settings[Key] | undefined }

export const settingsFormat: DocumentFormat<Settings> = {
  name: 'settings',
  schema: v.pipe(
    v.unknown(),
    v.transform((stored) => withDefaults(defaultSettings(), stored)),
    Settings,
  ),
  migrations: migrations.settings,
  initial: defaultSettings,
}

/** What lasts between runs and belongs to no connection. */
export class SettingsStore {
  readonly #document: JsonDocument<Settings>

  private constructor(document: JsonDocument<Settings>) {
    this.#document = document
  }

  /** @throws {AppError} STORAGE_UNWRITABLE when the folder cannot be made. */
  static async open(folder: string, notify: Notify): Promise<SettingsStore> {
    return new SettingsStore(await JsonDocument.open(folder, settingsFormat, notify))
  }

  get(): Settings {
    return this.#document.data
  }

  /** Sizes of panes are merged by their name, so that two panes can be moved at the same time. */
  update(part: SettingsPart): Promise<Settings> {
    const given = Object.fromEntries(
      Object.entries(part).filter(([, value]) => value !== undefined),
    )
    return this.#document.update((current) => ({
      ...current,
      ...given,
      panes: { ...current.panes, ...part.panes },
    }))
  }

  flush(): Promise<void> {
    return this.#document.flush()
  }
}
