/** Most origins of a list, and most characters of one. */
const most = 100
const longest = 1000

/** The origins in a text with one a line, as a browser writes them in the Origin header. */
export function readOrigins(text: string): { origins: string[]; error: string } {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
  if (lines.length > most) return { origins: [], error: `At most ${most} origins.` }
  const origins: string[] = []
  for (const line of lines) {
    const origin = originOf(line)
    if (origin === null)
      return {
        origins: [],
        error: `“${line.slice(0, 60)}” is no origin such as https://app.example.`,
      }
    if (!origins.includes(origin)) origins.push(origin)
  }
  return { origins, error: '' }
}

function originOf(line: string): string | null {
  // What a page of a file or of a sandboxed frame sends.
  if (line === 'null') return line
  if (line.length > longest || !URL.canParse(line)) return null
  const { protocol, host, pathname, search, hash } = new URL(line)
  if (host === '' || (pathname !== '/' && pathname !== '') || search || hash) return null
  return `${protocol}//${host}`
}
