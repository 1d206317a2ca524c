const suffix = '.stand-in.invalid'

/**
 * Chromium does not navigate to schemes it does not know, so `app://bundle/x` is shown at
 * `https://bundle.app.stand-in.invalid/x`, where nobody can be reached. Other addresses stay.
 */
export function toBrowser(url: string): string {
  const { protocol, host, pathname, search, hash } = new URL(url)
  if (protocol === 'http:' || protocol === 'https:') return url
  return `https://${host}.${protocol.slice(0, -1)}${suffix}${pathname}${search}${hash}`
}

/** The address as the app knows it. */
export function toApp(url: string): string {
  const { host, pathname, search, hash } = new URL(url)
  if (!host.endsWith(suffix)) return url
  const [, name = '', scheme = ''] = /^(.*)\.([^.]+)$/.exec(host.slice(0, -suffix.length)) ?? []
  return `${scheme}://${name}${pathname}${search}${hash}`
}

export function isMapped(url: string): boolean {
  return URL.canParse(url) && new URL(url).host.endsWith(suffix)
}
