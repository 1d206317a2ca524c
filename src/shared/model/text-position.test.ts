import { describe, expect, it } from 'vitest'
import { lineAndColumn } from './text-position'

describe('lineAndColumn', () => {
  it.each([
    ['', 0, 1, 1],
    ['abc', 3, 1, 4],
    ['a\nb', 2, 2, 1],
    ['a\r\nb', 2, 1, 3],
    ['a\r\nb', 3, 2, 1],
    ['a\rb', 2, 2, 1],
    ['a\n\n\r\nb', 5, 4, 1],
    ['ab', 99, 1, 3],
  ])('finds %j at %i', (text, offset, line, column) => {
    expect(lineAndColumn(text, offset)).toMatchObject({ line, column })
  })
})
