import type { RowDetail } from '@shared/model/frame'

/**
 * What a chain of decoders is remembered by: the type of message, the role of this end, and the
 * connection's address without what may be secret in it. `null` for rows that are never decoded.
 */
export function decoderKey(logId: string, { row, session }: RowDetail): string | null {
  if (row.kind !== 'text' && row.kind !== 'binary') return null
  const address = session.url.replace(/[?#].*$/s, '').replace(/^(\w+:\/\/)[^/@]*@/, '$1')
  return `${row.kind} ${session.role} ${address || `log ${logId}`}`.slice(0, 1000)
}

/** The remembered chains with one more, the oldest gone where there would be too many. */
export function remembered<Chain>(
  before: Readonly<Record<string, Chain>>,
  key: string,
  chain: Chain | null,
  most: number,
): Record<string, Chain> {
  const kept = Object.entries(before).filter(([other]) => other !== key)
  if (chain !== null) kept.push([key, chain])
  return Object.fromEntries(kept.slice(-most))
}
