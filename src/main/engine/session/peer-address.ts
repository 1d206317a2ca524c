/** An address and port as one text, such as `127.0.0.1:8765` or `[::1]:8765`; empty when unknown. */
export function formatPeer(address: string | undefined, port: number | undefined): string {
  if (!address) return ''
  const plain = address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address
  const host = plain.includes(':') ? `[${plain}]` : plain
  return port === undefined ? host : `${host}:${port}`
}
