/** What stands in a stored head where a value is secret. */
export const hiddenValue = '••••••'

const alwaysHidden = ['authorization', 'cookie', 'proxy-authorization']

/** Hides the values of credentials, and of the headers named, in the text of a request head. */
export function hideSecrets(head: string, secretNames: readonly string[] = []): string {
  const hidden = new Set([...alwaysHidden, ...secretNames.map((name) => name.toLowerCase())])
  return head
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':')
      return colon > 0 && hidden.has(line.slice(0, colon).toLowerCase())
        ? `${line.slice(0, colon)}: ${hiddenValue}`
        : line
    })
    .join('\r\n')
}

/** The value of a header in the text of a head, repeated ones joined; empty without one. */
export function headerOf(head: string, name: string): string {
  const wanted = name.toLowerCase()
  return head
    .split('\r\n')
    .slice(1)
    .flatMap((line) => {
      const colon = line.indexOf(':')
      return colon > 0 && line.slice(0, colon).toLowerCase() === wanted
        ? [line.slice(colon + 1).trim()]
        : []
    })
    .join(', ')
}
