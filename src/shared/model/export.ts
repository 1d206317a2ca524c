import * as v from 'valibot'

/** What an export writes. */
export const ExportFormat = v.variant('name', [
  /** One JSON object per row, the format that is imported without loss. */
  v.strictObject({ name: v.literal('jsonl') }),
  /** `chrome` writes what Chrome imports; `extended` adds control frames and the close. */
  v.strictObject({ name: v.literal('har'), mode: v.picklist(['chrome', 'extended']) }),
  v.strictObject({ name: v.literal('csv') }),
  /** `tcp`: invented TCP over raw IP, which Follow Stream can follow. `pdu`: exported PDU. */
  v.strictObject({ name: v.literal('pcapng'), mode: v.picklist(['tcp', 'pdu']) }),
  /** The payloads of messages one after the other, text ones ended by a line feed. */
  v.strictObject({ name: v.literal('payloads') }),
])
export type ExportFormat = v.InferOutput<typeof ExportFormat>

/** What an export hides: each value found is replaced by `REDACTED`. */
export const Redaction = v.strictObject({
  /** Authorization, Cookie, Set-Cookie, Proxy-Authorization, and headers that look like tokens or keys. */
  credentials: v.boolean(),
  /** User information and query parameters of URLs that look like secrets. */
  urlSecrets: v.boolean(),
  /** More header names, in any case. */
  headers: v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(100)),
  /** JSONPaths whose values are hidden in messages that are JSON. */
  jsonPaths: v.pipe(v.array(v.pipe(v.string(), v.maxLength(500))), v.maxLength(100)),
})
export type Redaction = v.InferOutput<typeof Redaction>

/** What an export hides unless told otherwise. */
export function defaultRedaction(): Redaction {
  return { credentials: true, urlSecrets: true, headers: [], jsonPaths: [] }
}

/** Which rows of a view an export covers. */
export const ExportScope = v.variant('rows', [
  /** Every row of the log, whatever the filter. */
  v.strictObject({ rows: v.literal('all') }),
  /** The rows of the view up to `until` positions; all of them when it is `null`. */
  v.strictObject({ rows: v.literal('view'), until: v.nullable(v.number()) }),
  /** Positions of the view, each range from its first to before its second number. */
  v.strictObject({
    rows: v.literal('positions'),
    ranges: v.pipe(v.array(v.tuple([v.number(), v.number()])), v.minLength(1), v.maxLength(10_000)),
  }),
])
export type ExportScope = v.InferOutput<typeof ExportScope>
