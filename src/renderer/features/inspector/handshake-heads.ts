/** One head of the opening handshake (RFC 6455 section 1.3), cut into what people look for. */
export interface HandshakeHead {
  readonly startLine: string
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** What an open row says: a line of words if there is one, and both heads. */
export interface Handshake {
  readonly words: string
  readonly heads: readonly HandshakeHead[]
}

/** Finds the heads in the text of an open row; `null` when there are none. */
export function parseHandshake(text: string): Handshake | null {
  const lines = text.split(/\r?\n/)
  const words: string[] = []
  const heads: { startLine: string; headers: (readonly [string, string])[] }[] = []
  let inHead = false
  for (const line of lines) {
    if (/^(?:[A-Z]+ \S+ HTTP\/\d\.\d|HTTP\/\d\.\d \d{3}\b.*)$/.test(line)) {
      heads.push({ startLine: line, headers: [] })
      inHead = true
    } else if (line === '') {
      inHead = false
    } else if (inHead) {
      const colon = line.indexOf(':')
      const [name, value] = colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1)]
      heads.at(-1)?.headers.push([name, value.trim()])
    } else {
      words.push(line)
    }
  }
  return heads.length === 0 ? null : { words: words.join('\n'), heads }
}
