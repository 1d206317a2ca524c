import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AppError } from '../errors'
import { normalizeUrl, withoutCredentials } from './target-url'

describe('normalizeUrl', () => {
  it.each([
    ['ws://example.com', 'ws://example.com/'],
    ['wss://example.com/chat?x=1', 'wss://example.com/chat?x=1'],
    ['  ws://127.0.0.1:8765  ', 'ws://127.0.0.1:8765/'],
    ['http://example.com:8080/a', 'ws://example.com:8080/a'],
    ['https://example.com/a', 'wss://example.com/a'],
    ['HTTPS://Example.COM', 'wss://example.com/'],
    ['localhost', 'ws://localhost/'],
    ['localhost:8765/chat', 'ws://localhost:8765/chat'],
    ['app.localhost:3000', 'ws://app.localhost:3000/'],
    ['127.0.0.1:8765', 'ws://127.0.0.1:8765/'],
    ['192.168.1.4', 'ws://192.168.1.4/'],
    ['[::1]:8765', 'ws://[::1]:8765/'],
    ['printer:81', 'ws://printer:81/'],
    ['example.com', 'wss://example.com/'],
    ['example.com:8443/feed', 'wss://example.com:8443/feed'],
    ['//example.com/feed', 'wss://example.com/feed'],
    ['localhost:443', 'wss://localhost/'],
    ['example.com:80', 'ws://example.com/'],
    ['user:pass@example.com', 'wss://user:pass@example.com/'],
  ])('makes of %j %j', (typed, expected) => {
    expect(normalizeUrl(typed)).toBe(expected)
  })

  it.each([
    ['', 'Enter a URL'],
    ['   ', 'Enter a URL'],
    ['ftp://example.com', 'starts with ws:// or wss://'],
    ['javascript://alert(1)', 'starts with ws:// or wss://'],
    ['constructor://x', 'starts with ws:// or wss://'],
    ['ws://example.com/#top', 'no fragment'],
    ['ws://example.com#', 'no fragment'],
    ['ws://', 'no valid address'],
    ['ws://exa mple.com', 'no valid address'],
    ['localhost:99999', 'no valid address'],
    ['mailto:somebody', 'no valid address'],
    ['ws://%zz:x@example.com', 'user name or password'],
    ['ws://user:%@example.com', 'user name or password'],
  ])('rejects %j', (typed, words) => {
    const attempt = () => normalizeUrl(typed)
    expect(attempt).toThrow(AppError)
    expect(attempt).toThrow(expect.objectContaining({ code: 'URL_INVALID' }) as AppError)
    expect(attempt).toThrow(words)
  })

  it('returns its own results unchanged and fails only with URL_INVALID', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl(), fc.domain(), fc.ipV4(), fc.string()), (typed) => {
        let once: string
        try {
          once = normalizeUrl(typed)
        } catch (error) {
          expect(error).toMatchObject({ code: 'URL_INVALID' })
          return
        }
        expect(normalizeUrl(once)).toBe(once)
        expect(once).toMatch(/^wss?:\/\//)
      }),
    )
  })
})

describe('withoutCredentials', () => {
  it('drops the user name and password only', () => {
    expect(withoutCredentials('wss://user:pass@example.com/a?b')).toBe('wss://example.com/a?b')
  })
})
