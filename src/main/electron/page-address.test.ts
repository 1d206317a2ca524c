import { describe, expect, it } from 'vitest'
import { isOwnAddress, pageUrl } from './page-address'

describe('isOwnAddress', () => {
  it.each(['app://bundle/', 'app://bundle/index.html?a#b', 'app://bundle'])('knows %s', (url) => {
    expect(isOwnAddress(url, pageUrl)).toBe(true)
  })

  it.each([
    'app://other/',
    'app://bundle.evil.example/',
    'app://user@evil/bundle/',
    'https://bundle/',
    'data:text/html,app://bundle/',
    'file:///bundle/',
    'about:blank',
    'blob:app://bundle/1',
    'other://bundle/',
    '',
    'bundle',
  ])('does not take %j for the page', (url) => {
    expect(isOwnAddress(url, pageUrl)).toBe(false)
  })
})
