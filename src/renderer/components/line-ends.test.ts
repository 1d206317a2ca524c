import { describe, expect, it } from 'vitest'
import { lineEndsIn } from './line-ends'

describe('lineEndsIn', () => {
  it.each([
    ['', ''],
    ['one line', ''],
    ['a\nb\n', ''],
    ['a\r\nb\r\n', 'CRLF'],
    ['a\rb', 'CR'],
    ['a\r\nb\n', 'Mixed line ends'],
    ['a\r\nb\r', 'Mixed line ends'],
    ['a\rb\n', 'Mixed line ends'],
    ['a\r\r\nb', 'Mixed line ends'],
  ])('says of %j: %j', (text, expected) => {
    expect(lineEndsIn(text)).toBe(expected)
  })
})
