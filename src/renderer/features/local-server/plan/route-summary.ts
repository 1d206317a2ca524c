import { formatBudget, formatBytes, formatCount } from '@shared/format/bytes'
import { formatDuration } from '@shared/format/duration'
import type { HttpAnswer, OtherPaths, PlainRoute, Route } from '@shared/model/server-route'

export const policyOptions: readonly {
  readonly value: Route['buffer']['policy']
  readonly label: string
}[] = [
  { value: 'pause', label: 'Stop reading from it' },
  { value: 'drop', label: 'Drop messages to it' },
  { value: 'close', label: 'Close it with 1008' },
]

/** Bytes in whole binary units where they are such, as limits mostly are. */
export function sizeInWords(bytes: number): string {
  return bytes > 0 && bytes % 1024 ** 2 === 0 ? formatBudget(bytes) : formatBytes(bytes)
}

export function counted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

export function activeFaults({ faults }: Pick<Route, 'faults'>): number {
  return faults.filter(({ enabled }) => enabled).length
}

export function faultsInWords(route: Pick<Route, 'faults'>): string {
  const { length } = route.faults
  if (length === 0) return 'none'
  const active = activeFaults(route)
  return active === length ? `${active} on` : `${active} of ${length} on`
}

export function admissionInWords({ protocols, requires, maxPayload }: Route): string {
  return [
    ...(protocols.accepted.length > 0 ? [protocols.accepted.join(', ')] : []),
    ...(protocols.choose === 'none' ? ['no subprotocol'] : []),
    requires.length === 0 ? 'everybody' : counted(requires.length, 'requirement'),
    `messages up to ${sizeInWords(maxPayload)}`,
  ].join(', ')
}

export function deflateInWords({ deflate }: Pick<Route, 'deflate'>): string {
  return deflate.enabled ? `permessage-deflate from ${formatBytes(deflate.threshold)}` : 'off'
}

export function keepAliveInWords({ keepAlive }: Pick<Route, 'keepAlive'>): string {
  const { interval, misses } = keepAlive
  if (interval === 0) return 'off'
  const every = `ping every ${formatDuration(interval).replace(/\.0+ /, ' ')}`
  return misses === 0 ? every : `${every}, dropped after ${formatCount(misses)} missed`
}

export function bufferInWords({ buffer }: Pick<Route, 'buffer'>): string {
  const words = { pause: 'then it is not read', drop: 'then dropped', close: 'then closed' }
  return `${sizeInWords(buffer.limit)}, ${words[buffer.policy]}`
}

/** What a WebSocket gets that asks for a path without a route. */
export function otherPathsInWords(other: OtherPaths): string {
  return other.kind === 'destroy' ? 'socket destroyed' : statusInWords(other)
}

export function plainInWords(plain: readonly PlainRoute[]): string {
  if (plain.length === 0) return '426 Upgrade Required'
  return `${counted(plain.length, 'path')}, else 426`
}

export function statusInWords({ status }: Pick<HttpAnswer, 'status'>): string {
  const phrase = statusPhrases[status]
  return phrase === undefined ? String(status) : `${status} ${phrase}`
}

/** RFC 9110 section 15 and RFC 6585, those a test server is likely to answer with. */
const statusPhrases: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  410: 'Gone',
  426: 'Upgrade Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
