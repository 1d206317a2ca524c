import * as v from 'valibot'
import { currentVersion, type Migration } from './migrations/migrations'

/** What a JSON document holds and how it came to look like that. */
export interface DocumentFormat<Data> {
  /** The file's name without `.json`. */
  readonly name: string
  readonly schema: v.GenericSchema<unknown, Data>
  readonly migrations: readonly Migration[]
  /** What it holds before anything was written. */
  initial(): Data
}

/** What the text of a document turned out to be. */
export type ParsedDocument<Data> =
  | { readonly outcome: 'whole'; readonly data: Data }
  | { readonly outcome: 'newer'; readonly version: number }
  | { readonly outcome: 'corrupt'; readonly reason: string }

const Envelope = v.object({
  schemaVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  data: v.unknown(),
})

/** Reads `{ schemaVersion, data }`: migrates what is older, then validates. Never throws. */
export function parseDocument<Data>(
  format: DocumentFormat<Data>,
  text: string,
): ParsedDocument<Data> {
  try {
    const { schemaVersion, data } = v.parse(Envelope, JSON.parse(text.replace(/^\uFEFF/, '')))
    if (schemaVersion > currentVersion(format.migrations))
      return { outcome: 'newer', version: schemaVersion }
    const migrated = format.migrations
      .slice(schemaVersion - 1)
      .reduce<unknown>((older, migrate) => migrate(older), data)
    return { outcome: 'whole', data: v.parse(format.schema, migrated) }
  } catch (error) {
    return { outcome: 'corrupt', reason: reasonOf(error) }
  }
}

/** The text of a document, indented so that people can read it and differences stay small. */
export function serializeDocument<Data>(format: DocumentFormat<Data>, data: Data): string {
  const document = { schemaVersion: currentVersion(format.migrations), data }
  return `${JSON.stringify(document, null, 2)}\n`
}

function reasonOf(error: unknown): string {
  if (error instanceof v.ValiError) {
    const path = v.getDotPath(error.issues[0])
    return path ? `${path}: ${error.message}` : error.message
  }
  return error instanceof SyntaxError ? 'it is not JSON' : String(error)
}
