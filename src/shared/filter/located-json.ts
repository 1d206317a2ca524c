import { ExactNumber } from './json-number'

/** A text, number, `true`, `false` or `null` of JSON, and where it stands. */
export class LocatedValue {
  /** Numbers as they are written. */
  readonly value: string | boolean | null | ExactNumber
  /** Of a text without its quotation marks; in UTF-16 units, `end` after the last. */
  readonly start: number
  readonly end: number

  constructor(value: string | boolean | null | ExactNumber, start: number, end: number) {
    this.value = value
    this.start = start
    this.end = end
  }
}

const between = /[ \t\r\n,:]*/y
const word = /-?\d[\d.eE+-]*|true|false|null/y

/**
 * Parses JSON with a {@link LocatedValue} for everything that is no array or object. Of members with
 * the same name the last counts.
 * @param whole whether the text ends where the JSON does; else it is taken as the beginning of some,
 * and what is cut off at its end is left out.
 * @returns `undefined` when there is nothing.
 */
export function locateJson(text: string, whole: boolean): unknown {
  if (whole && !isJson(text)) return undefined
  const open: (unknown[] | Record<string, unknown>)[] = []
  let root: unknown
  let name: string | null = null
  const put = (value: unknown) => {
    const parent = open.at(-1)
    if (parent === undefined) root = value
    else if (Array.isArray(parent)) parent.push(value)
    else parent[name ?? ''] = value
    name = null
  }
  for (let at = 0; ;) {
    between.lastIndex = at
    between.exec(text)
    const start = between.lastIndex
    const first = text.charAt(start)
    at = start + 1
    if (first === '"') {
      at = stringEnd(text, start)
      const value = at < 0 ? undefined : stringOf(text.slice(start, at))
      if (value === undefined) return root
      const parent = open.at(-1)
      if (parent !== undefined && !Array.isArray(parent) && name === null) name = value
      else put(new LocatedValue(value, start + 1, at - 1))
    } else if (first === '{' || first === '[') {
      // Without a prototype, so that `__proto__` is a name like any other.
      const container = first === '[' ? [] : (Object.create(null) as Record<string, unknown>)
      put(container)
      open.push(container)
    } else if (first === '}' || first === ']') {
      open.pop()
    } else {
      word.lastIndex = start
      const found = word.exec(text)?.[0]
      if (found === undefined) return root
      at = start + found.length
      if (at === text.length && !whole) return root
      put(new LocatedValue(wordOf(found), start, at))
    }
    if (open.length === 0) return root
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The position behind the string that begins at `start`; -1 when it does not end. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    const end = text.indexOf('"', at)
    if (end < 0) return -1
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes += 1
    if (slashes % 2 === 0) return end + 1
    at = end
  }
}

function stringOf(quoted: string): string | undefined {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    return undefined
  }
}

function wordOf(found: string): boolean | null | ExactNumber {
  if (found === 'null') return null
  return found === 'true' || found === 'false' ? found === 'true' : new ExactNumber(found)
}
