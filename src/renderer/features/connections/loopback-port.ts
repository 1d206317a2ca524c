/** The port of a plain WebSocket URL to this machine, `null` for any other URL. */
export function loopbackPort(url: string): number | null {
  const match = /^\s*(?:ws:\/\/|http:\/\/)?(?:localhost|127\.0\.0\.1):(\d{1,5})(?:[/?]|\s*$)/i.exec(
    url,
  )
  const port = Number(match?.[1])
  return port > 0 && port <= 65_535 ? port : null
}
