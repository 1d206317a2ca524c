import { describe, expect, it } from 'vitest'
import type { Header } from '@shared/model/connection'
import { buildRequestHeaders, checkSubprotocols } from './request-headers'

const plain = (name: string, value: string, enabled = true): Header => ({
  secret: false,
  enabled,
  name,
  value,
})
const secret = (name: string, secretRef: string | null): Header => ({
  secret: true,
  enabled: true,
  name,
  secretRef,
})
const build = (headers: Header[], origin = '') =>
  buildRequestHeaders({ headers, origin }, (reference) =>
    reference === 'known' ? 'hush' : undefined,
  )

describe('buildRequestHeaders', () => {
  it('keeps repeated names in order, whatever their case', () => {
    const { headers } = build([plain('X-A', '1'), plain('B', '2'), plain('x-a', '3')])
    expect({ ...headers }).toEqual({ 'X-A': ['1', '3'], B: '2' })
  })

  it('leaves out what is switched off', () => {
    expect(Object.keys(build([plain('Bad Name', '1', false)]).headers)).toEqual([])
  })

  it('takes the origin from its own field', () => {
    expect(build([], 'https://app.example').headers['Origin']).toBe('https://app.example')
  })

  it('resolves secrets and remembers their names', () => {
    const { headers, secretNames } = build([secret('X-Token', 'known')])
    expect(headers['X-Token']).toBe('hush')
    expect(secretNames).toEqual(['X-Token'])
  })

  it('takes a header named __proto__ like any other', () => {
    expect(Object.entries(build([plain('__proto__', 'x')]).headers)).toEqual([['__proto__', 'x']])
  })

  it.each(['unknown', null])('says which secret is missing (%j)', (reference) => {
    const attempt = () => build([secret('X-Token', reference)])
    expect(attempt).toThrow(expect.objectContaining({ code: 'SECRET_MISSING' }) as Error)
    expect(attempt).toThrow('X-Token')
  })

  it.each([
    [[plain('', 'x')], 'no name'],
    [[plain('Bad Name', 'x')], 'Bad Name'],
    [[plain('X:', 'x')], 'X:'],
    [[plain('X-Break', 'a\r\nInjected: b')], 'X-Break'],
    [[plain('X-Nul', 'a\0b')], 'X-Nul'],
    [[plain('X-Wide', 'snow ☃')], 'X-Wide'],
    [[plain('upgrade', 'h2c')], 'upgrade'],
    [[plain('Connection', 'close')], 'Connection'],
    [[plain('Sec-WebSocket-Key', 'x')], 'Sec-WebSocket-Key'],
    [[plain('Sec-WebSocket-Version', '8')], 'Sec-WebSocket-Version'],
    [[plain('Sec-WebSocket-Accept', 'x')], 'Sec-WebSocket-Accept'],
    [[plain('Sec-WebSocket-Extensions', 'x')], 'permessage-deflate'],
    [[plain('Sec-WebSocket-Protocol', 'x')], 'Use Subprotocols'],
    [[plain('Content-Length', '5')], 'no body'],
    [[plain('Host', 'a'), plain('host', 'b')], 'only once'],
  ])('rejects %j', (headers, words) => {
    const attempt = () => build(headers)
    expect(attempt).toThrow(expect.objectContaining({ code: 'HEADER_INVALID' }) as Error)
    expect(attempt).toThrow(words)
  })

  it('rejects a second Origin', () => {
    expect(() => build([plain('Origin', 'b')], 'a')).toThrow('only once')
  })
})

describe('checkSubprotocols', () => {
  it('accepts tokens', () => {
    expect(() => checkSubprotocols(['chat', 'v2.chat', 'graphql-ws'])).not.toThrow()
  })

  it.each([[['']], [['a b']], [['a,b']], [['chat', 'chat']]])('rejects %j', (subprotocols) => {
    expect(() => checkSubprotocols(subprotocols)).toThrow(
      expect.objectContaining({ code: 'SUBPROTOCOL_INVALID' }) as Error,
    )
  })
})
