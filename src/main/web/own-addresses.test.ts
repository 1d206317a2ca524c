import { describe, expect, it } from 'vitest'
import { ownAddresses } from './own-addresses'

describe('ownAddresses', () => {
  it('knows its own names in any case', () => {
    const own = ownAddresses(8764)
    for (const host of ['127.0.0.1:8764', 'localhost:8764', 'LOCALHOST:8764', '[::1]:8764'])
      expect(own.isOwnHost(host)).toBe(true)
    expect(own.isOwnOrigin('http://localhost:8764')).toBe(true)
  })

  it.each(['127.0.0.1', '127.0.0.1:8765', 'example.com:8764', 'localhost.:8764', '', undefined])(
    'does not answer to %j',
    (host) => {
      expect(ownAddresses(8764).isOwnHost(host)).toBe(false)
      expect(ownAddresses(8764).isOwnOrigin(host && `http://${host}`)).toBe(false)
    },
  )

  it('knows that browsers leave out port 80', () => {
    expect(ownAddresses(80).isOwnHost('localhost')).toBe(true)
    expect(ownAddresses(80).isOwnOrigin('http://127.0.0.1')).toBe(true)
  })
})
