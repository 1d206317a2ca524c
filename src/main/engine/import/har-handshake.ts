import { isIPv6 } from 'node:net'
import type { SessionInfo } from '@shared/model/frame'
import type { HarEntry } from './har-entries'

type Json = Readonly<Record<string, unknown>>

/** The session that an entry describes. */
export function sessionOf(entry: HarEntry, number: number): SessionInfo {
  const url = URL.parse(textOf(entry.request['url']))
  const address = textOf(entry.serverIPAddress).replace(/^\[|\]$/g, '')
  const port = url?.port || (url?.protocol === 'wss:' || url?.protocol === 'https:' ? '443' : '80')
  if (url) {
    url.username = ''
    url.password = ''
    // Proxies write the scheme of the request that was upgraded.
    if (url.protocol === 'http:' || url.protocol === 'https:')
      return sessionAt(number, url.href.replace(/^http/, 'ws'), address, port)
  }
  return sessionAt(number, url?.href ?? '', address, port)
}

function sessionAt(number: number, url: string, address: string, port: string): SessionInfo {
  const host = isIPv6(address) ? `[${address}]` : address
  return { number, role: 'client', url, peer: address ? `${host}:${port}` : '', local: '' }
}

/**
 * Both heads of the opening handshake as text, made of what an entry tells of them; `null` when it
 * was not answered with 101.
 */
export function headsOf(entry: HarEntry): string | null {
  const status = statusOf(entry)
  if (status !== 101 && !(status <= 0 && entry.messages)) return null
  const url = URL.parse(textOf(entry.request['url']))
  const target = url ? url.pathname + url.search : '/'
  const method = textOf(entry.request['method']) || 'GET'
  const reason = textOf(entry.response['statusText']) || 'Switching Protocols'
  return [
    `${method} ${target} HTTP/1.1`,
    ...linesOf(entry.request),
    '',
    `HTTP/1.1 101 ${reason}`,
    ...linesOf(entry.response),
    '',
    '',
  ].join('\r\n')
}

/** What an entry without an upgrade says happened. */
export function refusalOf({ response }: HarEntry): string {
  const status = Number(response['status'])
  const error = textOf(response['_error']) || textOf(response['_failureText'])
  if (status > 0)
    return `The server answered ${status} ${textOf(response['statusText'])} instead of 101.`.replace(
      '  ',
      ' ',
    )
  return error ? `The connection failed: ${error}` : 'The connection was not opened.'
}

/** The file that holds the messages, as Playwright names it; empty when the entry names none. */
export function attachmentOf({ response }: HarEntry): string {
  const content = response['content']
  if (typeof content !== 'object' || content === null) return ''
  const file = textOf((content as Json)['_file'])
  return /\.jsonl$/i.test(file) ? file : ''
}

function statusOf({ response }: HarEntry): number {
  const status = Number(response['status'])
  return Number.isFinite(status) ? status : -1
}

function linesOf(message: Json): string[] {
  const headers = message['headers']
  if (!Array.isArray(headers)) return []
  return headers.flatMap((header: unknown) => {
    if (typeof header !== 'object' || header === null) return []
    const name = textOf((header as Json)['name'])
    // Pseudo-headers of HTTP/2 are the request line here.
    if (name === '' || name.startsWith(':')) return []
    return [`${name}: ${textOf((header as Json)['value'])}`.replaceAll(/[\r\n]+/g, ' ')]
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
