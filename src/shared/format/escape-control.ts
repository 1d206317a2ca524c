/**
 * Text from a peer on one line, with what could hide or turn it made visible: control characters,
 * bidirectional overrides (Unicode UAX #9), zero-width and line-separator characters become `\u{…}`,
 * line ends and tabs `\n`, `\r`, `\t`.
 */
export function escapeControl(text: string): string {
  return text.replace(hidden, (character) => {
    const short = shortForms[character]
    return short ?? `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
}

/** The same for text shown on several lines: line ends and tabs stay. */
export function escapeControlInLines(text: string): string {
  return text.replace(hidden, (character) =>
    character === '\n' || character === '\r' || character === '\t'
      ? character
      : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}

const hidden = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu

const shortForms: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
