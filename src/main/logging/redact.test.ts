import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redact } from './redact'

const secret = 'hunter2-Zq9'
const written = (value: unknown) => JSON.stringify(redact(value)) ?? ''

describe('redact', () => {
  it.each([
    ['authorization', { authorization: secret }],
    ['Proxy-Authorization', { 'Proxy-Authorization': secret }],
    ['cookie', { headers: { Cookie: secret } }],
    ['set-cookie', { 'set-cookie': [secret, secret] }],
    ['sec-websocket-protocol', { 'Sec-WebSocket-Protocol': secret }],
    ['subprotocols', { config: { subprotocols: [secret] } }],
    ['an access token', { accessToken: secret }],
    ['a client secret', { client_secret: secret }],
    ['a password', { PASSWORD: secret }],
    ['a passphrase', { passphrase: secret }],
    ['an API key', { 'x-api-key': secret }],
    ['a number under a secret name', { password: secret.length, again: { apiKey: secret } }],
    ['a header pair', { headers: [['Authorization', secret]] }],
    ['raw headers', ['Host', 'a', 'Cookie', secret, 'Accept', '*/*']],
    ['a header object', { name: 'X-Api-Key', enabled: true, value: secret }],
    ['a map', new Map([['token', secret]])],
    ['a request head', `GET / HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=${secret}\r\n\r\n`],
    ['a head inside a sentence', `the server said Set-Cookie: a=b; c=${secret}`],
    ['URL user-info', `connecting to wss://me:${secret}@example.org/chat`],
    ['URL user-info with an at sign', `wss://me:a@${secret}@example.org/chat`],
    ['a URL query', `wss://example.org/chat?room=1&key=${secret}`],
    ['a URL query without names', `wss://example.org/chat?${secret}`],
    ['a URL fragment', `Framescope is ready at http://127.0.0.1:8080/#token=${secret}`],
    ['a query and a fragment', `http://a/?b=${secret}#${secret}`],
    ['a request target', `GET /chat?ticket=${secret} HTTP/1.1`],
    ['a URL object', new URL(`wss://me:${secret}@example.org/?a=${secret}`)],
    ['an assignment', `password=${secret}, and so on`],
    ['JSON in a text', `{"token": "a\\"${secret}"}`],
    ['JSON that was cut', `{"token": "a b ${secret}`],
    ['bearer credentials', `sent Bearer ${secret}`],
    ['an error', new Error(`refused ws://a/?t=${secret}`)],
    ['a cause', new Error('failed', { cause: { token: secret } })],
    ['details of an error', Object.assign(new Error('failed'), { details: { cookie: secret } })],
    ['a payload', { payload: secret, preview: secret }],
    ['payload bytes', { anything: Buffer.from(secret) }],
  ])('hides %s', (_, value) => {
    expect(written(value)).not.toContain(secret)
    expect(written({ deep: [{ deeper: value }] })).not.toContain(secret)
  })

  it('tells how many bytes there were', () => {
    expect(redact({ data: Buffer.from('abc'), view: new DataView(new ArrayBuffer(9)) })).toEqual({
      data: '[3 bytes]',
      view: '[9 bytes]',
    })
  })

  it('keeps what is harmless', () => {
    const harmless = {
      url: 'wss://example.org:8080/chat',
      code: 1006,
      clean: false,
      nothing: null,
      list: ['a', 'b', 3],
      secretsPersist: true,
      stack: 'at JsonDocument.#writeWaiting (file:///app/out/main/index.js:1:2)',
    }
    expect(redact(harmless)).toEqual(harmless)
  })

  it('keeps the names of query values', () => {
    expect(redact('ws://a/b?room=1&key=2')).toBe('ws://a/b?room=[redacted]&key=[redacted]')
  })

  it('takes cycles, hostile getters and what JSON does not know', () => {
    const cyclic: Record<string, unknown> = { name: 'a' }
    cyclic['self'] = cyclic
    const hostile = Object.defineProperty({}, 'bad', {
      enumerable: true,
      get: () => {
        throw new Error('no')
      },
    })
    const revoked = Proxy.revocable({}, {})
    revoked.revoke()
    expect(
      redact({ cyclic, hostile, revoked: revoked.proxy, big: 1n, nan: NaN, f: () => 1 }),
    ).toEqual({
      cyclic: { name: 'a', self: '[circular]' },
      hostile: { bad: '[unreadable]' },
      revoked: '[unreadable]',
      big: '1',
      nan: 'NaN',
      f: '[function]',
    })
  })

  it('shows the same object twice when it is no cycle', () => {
    const shared = { a: 1 }
    expect(redact([shared, shared])).toEqual([shared, shared])
  })

  it('copies a key named __proto__ without touching a prototype', () => {
    const copy = redact(JSON.parse('{"__proto__": {"polluted": 1}}')) as object
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype)
    expect('polluted' in copy).toBe(false)
  })

  it('turns any value into JSON without throwing', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
          withObjectString: true,
        }),
        (value) => {
          JSON.stringify(redact(value))
        },
      ),
    )
  })

  it('hides a value under a secret name wherever it stands', () => {
    const name = fc.constantFrom(
      'authorization',
      'Cookie',
      'X-Auth-Token',
      'api_key',
      'userPassword',
    )
    const { tree } = fc.letrec<{ tree: unknown; leaf: unknown }>((tie) => ({
      leaf: name.map((key) => ({ [key]: secret })),
      tree: fc.oneof(
        { maxDepth: 5 },
        tie('leaf'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }),
      ),
    }))
    fc.assert(fc.property(tree, (value) => !written(value).includes(secret)))
  })

  it('hides user-info and query values of any URL', () => {
    const word = fc.stringMatching(/^[a-z0-9._~%-]{1,20}$/)
    fc.assert(
      fc.property(
        fc.webUrl(),
        word,
        word,
        fc.constantFrom('ws', 'wss'),
        (url, user, value, scheme) => {
          const { host, pathname } = new URL(url)
          const text = `to ${scheme}://${user}:${secret}${user}@${host}${pathname}?a=${value}${secret}&${secret} failed`
          expect(redact(text)).not.toContain(secret)
        },
      ),
    )
  })

  it('cuts long texts and answers hostile ones promptly', () => {
    const texts = [
      'a-'.repeat(1e6),
      '://'.repeat(1e6),
      '?'.repeat(1e6),
      'a=":'.repeat(1e6),
      '@'.repeat(1e6),
    ]
    for (const text of texts) expect(String(redact(text)).length).toBeLessThan(100_000)
  })
})
