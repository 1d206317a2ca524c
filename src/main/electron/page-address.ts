/** The scheme the page is served from; it exists in no other program and on no network. */
export const pageScheme = 'app'

/** The one page of the app. */
export const pageUrl = `${pageScheme}://bundle/`

/**
 * Whether a URL belongs to the page's own address. Protocol and host are compared, never `origin`:
 * that is the string `null` for every custom scheme.
 */
export function isOwnAddress(url: string, own: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  const expected = new URL(own)
  return protocol === expected.protocol && host === expected.host
}
