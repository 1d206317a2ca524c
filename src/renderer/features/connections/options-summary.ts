import type { ConnectionConfig } from '@shared/model/connection'

/** What differs from a plain connection, in a few words: `3 headers, 1 protocol`. */
export function optionsSummary(config: ConnectionConfig): string {
  const headers = config.headers.filter((header) => header.enabled && header.name !== '').length
  const protocols = config.subprotocols.length
  return [
    headers > 0 && plural(headers, 'header'),
    protocols > 0 && plural(protocols, 'protocol'),
    config.retry.enabled && 'retry',
  ]
    .filter(Boolean)
    .join(', ')
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
