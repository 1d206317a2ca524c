import { describe, expect, it } from 'vitest'
import { formatMilliseconds } from './milliseconds'

describe('formatMilliseconds', () => {
  it.each([
    [0, '0.000'],
    [0.4123, '0.412'],
    [0.99949, '0.999'],
    [0.9995, '1.00'],
    [9.994, '9.99'],
    [9.995, '10.0'],
    [12.44, '12.4'],
    [99.95, '100'],
    [412.4, '412'],
    [1204, '1,204'],
  ])('writes %d as %s', (value, text) => {
    expect(formatMilliseconds(value)).toBe(text)
  })
})
