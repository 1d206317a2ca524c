import { describe, expect, it } from 'vitest'
import { defaultConfig } from '@shared/model/connection'
import { loopbackPort } from './loopback-port'
import { optionsSummary } from './options-summary'

describe('optionsSummary', () => {
  it('is empty for a plain connection', () => {
    expect(optionsSummary(defaultConfig())).toBe('')
  })

  it('counts what is sent, not what is switched off or unnamed', () => {
    const header = { secret: false, enabled: true, name: 'X-A', value: '1' } as const
    expect(
      optionsSummary({
        ...defaultConfig(),
        headers: [header, { ...header, enabled: false }, { ...header, name: '' }],
        subprotocols: ['a', 'b'],
        retry: { enabled: true, delay: 1000, maxAttempts: 0 },
      }),
    ).toBe('1 header, 2 protocols, retry')
  })
})

describe('loopbackPort', () => {
  it.each([
    ['ws://127.0.0.1:8765', 8765],
    ['ws://localhost:9000/chat?x=1', 9000],
    ['localhost:81', 81],
    ['wss://127.0.0.1:8765', null],
    ['ws://127.0.0.1', null],
    ['ws://127.0.0.1:70000', null],
    ['ws://example.com:8765', null],
    ['ws://127.0.0.1:8765.evil.example', null],
  ])('reads %s as %s', (url, port) => expect(loopbackPort(url)).toBe(port))
})
