/** A place in a text as people and editors count it. */
export interface TextPosition {
  /** UTF-16 units from the start, from 0. */
  readonly offset: number
  /** From 1. */
  readonly line: number
  /** UTF-16 units from the start of the line, from 1. */
  readonly column: number
}

/** Finds the line and column of an offset; CRLF, LF and CR each end a line. */
export function lineAndColumn(text: string, offset: number): TextPosition {
  const end = Math.max(0, Math.min(offset, text.length))
  let line = 1
  let lineStart = 0
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at)
    const endsLine = code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)
    if (!endsLine) continue
    line += 1
    lineStart = at + 1
  }
  return { offset: end, line, column: end - lineStart + 1 }
}
