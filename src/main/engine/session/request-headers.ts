import { AppError } from '@shared/errors'
import type { ConnectionConfig } from '@shared/model/connection'
import { badValueAt, isToken, tokenRule, valueRule } from '@shared/model/header-syntax'

/** What a connection adds to its handshake request. */
export interface RequestHeaders {
  /** By name as typed first; a name given several times has its values in order and is sent as often. */
  readonly headers: Record<string, string | string[]>
  /** Names whose values must not be stored or shown. */
  readonly secretNames: readonly string[]
}

/** Headers the handshake itself writes, with what to do instead. */
const owned: Readonly<Record<string, string>> = {
  upgrade: 'The handshake sets it.',
  connection: 'The handshake sets it.',
  'sec-websocket-key': 'The handshake sets it.',
  'sec-websocket-version': 'The handshake sets it.',
  'sec-websocket-accept': 'Only a server sends it.',
  'sec-websocket-extensions': 'Switch permessage-deflate on or off instead.',
  'sec-websocket-protocol': 'Use Subprotocols instead.',
  'content-length': 'A handshake request has no body.',
  'transfer-encoding': 'A handshake request has no body.',
}

/** Headers that may be sent only once. */
const single = ['host', 'origin']

/**
 * Collects the enabled headers of a configuration.
 * @param secret gives the value a secret header refers to.
 * @throws {AppError} HEADER_INVALID, SECRET_MISSING.
 */
export function buildRequestHeaders(
  config: Pick<ConnectionConfig, 'headers' | 'origin'>,
  secret: (reference: string) => string | undefined,
): RequestHeaders {
  // Without a prototype, so that a header named __proto__ is one like any other.
  const headers = Object.create(null) as Record<string, string | string[]>
  const spelling = new Map<string, string>()
  const secretNames: string[] = []
  if (config.origin.trim() !== '') {
    const origin = config.origin.trim()
    checkValue('Origin', origin)
    headers['Origin'] = origin
    spelling.set('origin', 'Origin')
  }
  for (const header of config.headers) {
    if (!header.enabled) continue
    const name = header.name.trim()
    checkName(name)
    const value = header.secret ? secretValue(name, header.secretRef, secret) : header.value.trim()
    checkValue(name, value)
    if (header.secret) secretNames.push(name)
    const lower = name.toLowerCase()
    const known = spelling.get(lower)
    if (known === undefined) {
      spelling.set(lower, name)
      headers[name] = value
    } else {
      if (single.includes(lower))
        throw invalid(name, `The header ${name} can be sent only once. Remove one of them.`)
      headers[known] = [headers[known] ?? [], value].flat()
    }
  }
  return { headers, secretNames }
}

/**
 * Checks the subprotocols to be offered (RFC 6455 section 4.1).
 * @throws {AppError} SUBPROTOCOL_INVALID.
 */
export function checkSubprotocols(subprotocols: readonly string[]): void {
  const seen = new Set<string>()
  for (const subprotocol of subprotocols) {
    if (!isToken(subprotocol))
      throw new AppError(
        'SUBPROTOCOL_INVALID',
        `The subprotocol ${JSON.stringify(subprotocol)} ${tokenRule}`,
        { details: { subprotocol } },
      )
    if (seen.has(subprotocol))
      throw new AppError(
        'SUBPROTOCOL_INVALID',
        `The subprotocol ${subprotocol} is named twice. Remove one of them.`,
        { details: { subprotocol } },
      )
    seen.add(subprotocol)
  }
}

function checkName(name: string): void {
  if (name === '') throw invalid(name, 'A header has no name. Name it or switch it off.')
  if (!isToken(name)) throw invalid(name, `The header name ${JSON.stringify(name)} ${tokenRule}`)
  const lower = name.toLowerCase()
  if (Object.hasOwn(owned, lower))
    throw invalid(name, `The header ${name} cannot be set here. ${owned[lower] ?? ''}`)
}

function checkValue(name: string, value: string): void {
  if (badValueAt(value) >= 0) throw invalid(name, `The value of the header ${name} ${valueRule}`)
}

function secretValue(
  name: string,
  reference: string | null,
  secret: (reference: string) => string | undefined,
): string {
  const value = reference === null ? undefined : secret(reference)
  if (value === undefined)
    throw new AppError(
      'SECRET_MISSING',
      `The secret value of the header ${name} is not known in this run. Enter it again.`,
      { details: { header: name } },
    )
  return value
}

function invalid(name: string, message: string): AppError {
  return new AppError('HEADER_INVALID', message, { details: { header: name } })
}
