import { settingsToVersion2 } from './settings-to-version-2'

/** Turns the data of one format version into that of the next. Pure, and never changed once released. */
export type Migration = (data: unknown) => unknown

/**
 * The migrations of every document, in order: the one from version N to N + 1 stands at index N - 1.
 * A document's current version follows from their number, so the two cannot drift apart.
 */
export const migrations = {
  profiles: [],
  settings: [settingsToVersion2],
  workspace: [],
  secrets: [],
  schemas: [],
  'test-ca': [],
  certificates: [],
  servers: [],
  folders: [],
} as const satisfies Record<string, readonly Migration[]>

/** The format version that a list of migrations leads to; the first version is 1. */
export function currentVersion(list: readonly Migration[]): number {
  return list.length + 1
}
