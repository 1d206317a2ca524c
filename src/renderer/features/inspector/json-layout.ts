/** Where a part of the text can be folded: from after its bracket up to the closing one. */
export interface FoldRange {
  readonly from: number
  readonly to: number
}

export interface JsonLayout {
  readonly text: string
  /** Parts that are so long that they are better folded at first. */
  readonly folds: readonly FoldRange[]
}

/** A list of plain values stays on one line up to this length. */
const lineLength = 72
/** Beyond this depth lines move no further to the right. */
const deepestIndent = 100

/**
 * Lays JSON out over lines, token by token as they were written, so that big numbers, the order of
 * keys, keys that occur twice and escapes stay as they are. It does not judge: text that is cut off,
 * as the start of a long payload is, is laid out as far as it goes.
 */
export function layoutJson(source: string): JsonLayout {
  const pieces: string[] = []
  const folds: FoldRange[] = []
  const open: { readonly after: number; readonly line: number }[] = []
  let length = 0
  let line = 0
  let at = 0

  function put(text: string) {
    pieces.push(text)
    length += text.length
  }
  function breakLine() {
    put(`\n${'  '.repeat(Math.min(open.length, deepestIndent))}`)
    line += 1
  }

  while (at < source.length) {
    const code = source.charCodeAt(at)
    if (isSpace(code)) {
      at += 1
      continue
    }
    const short = code === openArray || code === openObject ? shortList(source, at) : null
    if (short) {
      put(short.text)
      at = short.end
      continue
    }
    if (code === openArray || code === openObject) {
      put(source.charAt(at))
      open.push({ after: length, line })
      breakLine()
      at += 1
    } else if (code === closeArray || code === closeObject) {
      const began = open.pop()
      if (began) {
        breakLine()
        if (line - began.line > longestOpen(open.length))
          folds.push({ from: began.after, to: length })
      }
      put(source.charAt(at))
      at += 1
    } else if (code === comma) {
      put(',')
      if (open.length > 0) breakLine()
      at += 1
    } else if (code === colon) {
      put(': ')
      at += 1
    } else {
      const end = endOfToken(source, at)
      put(source.slice(at, end))
      at = end
    }
  }
  return { text: pieces.join(''), folds: folds.sort((one, other) => one.from - other.from) }
}

/** Lines that stay open at a depth: the outermost part is never folded. */
function longestOpen(depth: number): number {
  return [Number.POSITIVE_INFINITY, 500, 100][depth] ?? 24
}

/** An empty object, or an array of plain values that fits on a line; else null. */
function shortList(source: string, start: number): { text: string; end: number } | null {
  const isArray = source.charCodeAt(start) === openArray
  let text = source.charAt(start)
  let at = start + 1
  while (at < source.length && text.length <= lineLength) {
    const code = source.charCodeAt(at)
    if (isSpace(code)) {
      at += 1
    } else if (code === (isArray ? closeArray : closeObject)) {
      return { text: text + source.charAt(at), end: at + 1 }
    } else if (!isArray || isBracket(code) || code === colon) {
      return null
    } else if (code === comma) {
      text += ', '
      at += 1
    } else {
      const end = endOfToken(source, at)
      if (end - at > lineLength) return null
      text += source.slice(at, end)
      at = end
    }
  }
  return null
}

/** Where the string or the plain value that begins at `start` ends. */
function endOfToken(source: string, start: number): number {
  let at = start + 1
  if (source.charCodeAt(start) === quote) {
    while (at < source.length && source.charCodeAt(at) !== quote)
      at += source.charCodeAt(at) === backslash ? 2 : 1
    return Math.min(at + 1, source.length)
  }
  while (at < source.length && !endsValue(source.charCodeAt(at))) at += 1
  return at
}

const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const comma = 0x2c
const colon = 0x3a
const quote = 0x22
const backslash = 0x5c

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

function isBracket(code: number): boolean {
  return code === openArray || code === closeArray || code === openObject || code === closeObject
}

function endsValue(code: number): boolean {
  return isSpace(code) || isBracket(code) || code === comma || code === colon || code === quote
}
