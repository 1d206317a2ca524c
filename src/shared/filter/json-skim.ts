import type { PathStep } from './node'

/** What a path selected, as it stands in the bytes. */
export interface Skimmed {
  kind: 'nothing' | 'string' | 'number' | 'true' | 'false' | 'null' | 'container'
  /** Of a string with its quotation marks. */
  start: number
  end: number
}

/** A step whose place in a document is known while the document is read. */
export type SkimStep =
  | { readonly name: string; readonly bytes: Uint8Array; readonly index: -1 }
  | { readonly name: null; readonly index: number }

/** The steps of a path that selects one value and counts from no end; `undefined` for any other. */
export function skimSteps(steps: readonly PathStep[]): readonly SkimStep[] | undefined {
  const found: SkimStep[] = []
  for (const step of steps) {
    if (step.deep || step.kind === 'all' || (step.kind === 'index' && step.index < 0))
      return undefined
    if (step.kind === 'index') found.push({ name: null, index: step.index })
    else found.push({ name: step.name, bytes: new TextEncoder().encode(step.name), index: -1 })
  }
  return found
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const object = 1
const array = 2
/** Which kind of container is open at each depth, and at which element an array is. */
const kinds: number[] = []
const places: number[] = []

/**
 * Reads bytes of UTF-8 as JSON, as strictly as `JSON.parse` does, and puts what the path selects into
 * `found`, without building any of it. Of members with the same name the last counts.
 * @returns whether the bytes are JSON.
 */
export function skimJson(bytes: Uint8Array, steps: readonly SkimStep[], found: Skimmed): boolean {
  const { length } = bytes
  const target = steps.length
  found.kind = 'nothing'
  let at = 0
  let depth = 0
  // How many of the open containers, counted from the outermost, lie on the path.
  let live = 0
  let onPath = true
  for (;;) {
    at = skipSpace(bytes, at)
    if (at >= length) return false
    const selected = onPath && depth === target
    const start = at
    const first = bytes[at] as number
    let opened = false
    let kind: Skimmed['kind'] = 'container'
    if (first === 0x22) {
      at = stringEnd(bytes, at)
      kind = 'string'
    } else if (first === 0x7b || first === 0x5b) {
      opened = true
    } else if (first === 0x74) {
      at = wordEnd(bytes, at, trueBytes)
      kind = 'true'
    } else if (first === 0x66) {
      at = wordEnd(bytes, at, falseBytes)
      kind = 'false'
    } else if (first === 0x6e) {
      at = wordEnd(bytes, at, nullBytes)
      kind = 'null'
    } else {
      at = numberEnd(bytes, at)
      kind = 'number'
    }
    if (at < 0) return false
    if (selected) {
      found.kind = kind
      found.start = start
      found.end = at
    }
    // Where the next value begins: in what was opened, or behind a comma.
    let fresh = opened
    if (opened) {
      depth += 1
      if (onPath && depth <= target) live = depth
      kinds[depth] = first === 0x7b ? object : array
      places[depth] = 0
      at = skipSpace(bytes, at + 1)
    }
    for (;;) {
      if (depth === 0) return skipSpace(bytes, at) === length
      if (!fresh) at = skipSpace(bytes, at)
      const isObject = kinds[depth] === object
      const byte = at < length ? (bytes[at] as number) : 0
      const closes = byte === (isObject ? 0x7d : 0x5d)
      if (closes) {
        at += 1
        if (live === depth) live -= 1
        depth -= 1
        fresh = false
        continue
      }
      if (!fresh) {
        if (byte !== 0x2c) return false
        at = skipSpace(bytes, at + 1)
        places[depth] = (places[depth] as number) + 1
      }
      const step = live === depth ? steps[depth - 1] : undefined
      if (isObject) {
        if (at >= length || bytes[at] !== 0x22) return false
        const end = stringEnd(bytes, at)
        if (end < 0) return false
        onPath =
          step !== undefined && step.name !== null && isName(bytes, at, end, step.name, step.bytes)
        at = skipSpace(bytes, end)
        if (at >= length || bytes[at] !== 0x3a) return false
        at += 1
      } else {
        onPath = step !== undefined && step.index === places[depth]
      }
      // A later member of the same name takes the place of the earlier with all it holds.
      if (onPath) found.kind = 'nothing'
      break
    }
  }
}

/** The characters of a string that was skimmed. */
export function skimmedText(bytes: Uint8Array, { start, end }: Skimmed): string {
  const text = decoder.decode(bytes.subarray(start, end))
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
}

/** A number that was skimmed, as it is written. */
export function skimmedNumber(bytes: Uint8Array, { start, end }: Skimmed): string {
  return decoder.decode(bytes.subarray(start, end))
}

/** The same as a double. */
export function skimmedDouble(bytes: Uint8Array, found: Skimmed): number {
  const { start, end } = found
  const negative = bytes[start] === 0x2d
  const first = negative ? start + 1 : start
  let value = 0
  for (let at = first; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30
    // Up to 15 digits are exact; anything but digits is below 0 or above 9.
    if (digit < 0 || digit > 9 || at - first === 15) return Number(skimmedNumber(bytes, found))
    value = value * 10 + digit
  }
  return negative ? -value : value
}

const trueBytes = Uint8Array.of(0x74, 0x72, 0x75, 0x65)
const falseBytes = Uint8Array.of(0x66, 0x61, 0x6c, 0x73, 0x65)
const nullBytes = Uint8Array.of(0x6e, 0x75, 0x6c, 0x6c)

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  for (; at < bytes.length; at += 1) {
    const byte = bytes[at] as number
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
  }
  return at
}

function isName(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: string,
  nameBytes: Uint8Array,
): boolean {
  const length = end - start - 2
  let plain = true
  let same = length === nameBytes.length
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[start + 1 + index] as number
    if (byte === 0x5c || byte > 0x7f) plain = false
    else if (same && byte !== nameBytes[index]) same = false
  }
  // Escapes, and bytes that may not be UTF-8, are compared as characters.
  return plain ? same : JSON.parse(decoder.decode(bytes.subarray(start, end))) === name
}

/** The position behind a string; -1 when it is none. */
function stringEnd(bytes: Uint8Array, start: number): number {
  const { length } = bytes
  for (let at = start + 1; at < length; at += 1) {
    const byte = bytes[at] as number
    if (byte === 0x22) return at + 1
    if (byte < 0x20) return -1
    if (byte !== 0x5c) continue
    at += 1
    if (at >= length) return -1
    const escaped = bytes[at] as number
    if (escaped === 0x75) {
      if (at + 4 >= length) return -1
      for (const end = at + 4; at < end; at += 1) if (!isHex(bytes[at + 1] as number)) return -1
    } else if (!isEscape(escaped)) {
      return -1
    }
  }
  return -1
}

/** One of `" \ / b f n r t`. */
function isEscape(byte: number): boolean {
  switch (byte) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true
    default:
      return false
  }
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39
}

function wordEnd(bytes: Uint8Array, start: number, word: Uint8Array): number {
  for (let index = 0; index < word.length; index += 1) {
    if (bytes[start + index] !== word[index]) return -1
  }
  return start + word.length
}

/** The position behind a number (RFC 8259 section 6); -1 when it is none. */
function numberEnd(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === 0x2d ? start + 1 : start
  if (!isDigit(bytes[at])) return -1
  at = bytes[at] === 0x30 ? at + 1 : digitsEnd(bytes, at)
  if (bytes[at] === 0x2e) {
    if (!isDigit(bytes[at + 1])) return -1
    at = digitsEnd(bytes, at + 1)
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += bytes[at + 1] === 0x2b || bytes[at + 1] === 0x2d ? 2 : 1
    if (!isDigit(bytes[at])) return -1
    at = digitsEnd(bytes, at)
  }
  return at
}

function digitsEnd(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length && isDigit(bytes[at])) at += 1
  return at
}
