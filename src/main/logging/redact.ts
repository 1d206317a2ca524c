import { isSensitiveName } from '@shared/model/secret-names'
import { hidden, redactText } from './redact-text'

/** Beyond this depth a value is named, not shown. */
const deepest = 12

/** Entries of one array, object, map or set that are shown. */
const mostEntries = 200

/** Names of values that came from or went to a user's socket; their length is all that is told. */
const payloadNames = new Set(['payload', 'preview', 'body', 'draft'])

/**
 * Copies a value for the log without what must not be written: credentials by name, URL user-info and
 * query values wherever a text holds them, and payload bytes. The copy is plain JSON. Takes any value,
 * cyclic ones and hostile getters included, and never throws.
 */
export function redact(value: unknown): unknown {
  return copy(value, [])
}

function copy(value: unknown, above: readonly object[]): unknown {
  switch (typeof value) {
    case 'string':
      return redactText(value)
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'boolean':
      return value
    case 'object':
      return value === null ? null : copyObject(value, above)
    case 'undefined':
      return undefined
    case 'bigint':
      return String(value)
    default:
      return `[${typeof value}]`
  }
}

function copyObject(value: object, above: readonly object[]): unknown {
  if (above.includes(value)) return '[circular]'
  if (above.length >= deepest) return '[too deep]'
  const inside = [...above, value]
  try {
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      return `[${value.byteLength} bytes]`
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
    if (value instanceof URL) return redactText(value.href)
    if (value instanceof Error) return copyError(value, inside)
    if (value instanceof Map) return copyEntries([...value], inside)
    if (value instanceof Set) return copyArray([...value], inside)
    if (Array.isArray(value)) return copyArray(value, inside)
    return copyRecord(value, inside)
  } catch {
    return '[unreadable]'
  }
}

/** A name in a list, as in a header pair or Node's `rawHeaders`, says what follows it. */
function copyArray(value: readonly unknown[], above: readonly object[]): unknown {
  return value.slice(0, mostEntries).map((each, index) => {
    const before = value[index - 1]
    return (typeof before === 'string' ? copyNamed(before, each, above) : copy(each, above)) ?? null
  })
}

function copyRecord(value: object, above: readonly object[]): unknown {
  const entries = Object.keys(value).map((key): [string, unknown] => [key, read(value, key)])
  const name = read(value, 'name')
  // A header as an object: its name says what its value is.
  if (typeof name !== 'string' || !isSensitiveName(name)) return copyEntries(entries, above)
  return copyEntries(
    entries.map(([key, part]) => (key === 'value' ? [name, part, key] : [key, part])),
    above,
  )
}

/** Each entry is judged by its first part and shown under its third, or first. */
function copyEntries(
  entries: readonly (readonly [unknown, unknown, string?])[],
  above: readonly object[],
): unknown {
  return Object.fromEntries(
    entries.slice(0, mostEntries).map(([name, value, shownAs]) => {
      const key = typeof name === 'string' ? name : String(copy(name, above))
      return [redactText(shownAs ?? key), copyNamed(key, value, above)]
    }),
  )
}

function copyNamed(name: string, value: unknown, above: readonly object[]): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (isSensitiveName(name)) return hidden
  if (payloadNames.has(name.toLowerCase()) && typeof value === 'string')
    return `[${value.length} characters]`
  return copy(value, above)
}

function copyError(error: Error, above: readonly object[]): unknown {
  const own = Object.keys(error).map((key): [string, unknown] => [key, read(error, key)])
  return copyEntries(
    [
      ['type', error.name],
      ['message', error.message],
      ['stack', error.stack],
      ...(error.cause === undefined ? [] : [['cause', error.cause] as const]),
      ...own.filter(([key]) => !['name', 'message', 'stack', 'cause'].includes(key)),
    ],
    above,
  )
}

function read(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key]
  } catch {
    return '[unreadable]'
  }
}
