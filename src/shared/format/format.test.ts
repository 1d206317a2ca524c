import { describe, expect, it } from 'vitest'
import { formatBytes, formatCount } from './bytes'
import { formatClock, formatTimestamp } from './clock'
import { formatClockDuration, formatDuration } from './duration'
import { escapeControl, escapeControlInLines } from './escape-control'

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [184, '184 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [2104, '2.1 kB'],
    [99_949, '99.9 kB'],
    [241_000_000, '241 MB'],
    [999_999_999, '1.0 GB'],
  ])('shows %d as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
})

describe('formatDuration', () => {
  it.each([
    [0, '0 µs'],
    [0.412, '412 µs'],
    [0.9997, '1.00 ms'],
    [12.44, '12.4 ms'],
    [999.7, '1.00 s'],
    [1840, '1.84 s'],
    [125_000, '2.08 min'],
    [7_200_000, '2.00 h'],
    [-5, '-5.00 ms'],
  ])('shows %d ms as %s', (value, text) => expect(formatDuration(value)).toBe(text))
})

it('shows a running clock with days only when there are some', () => {
  expect(formatClockDuration(751_000)).toBe('00:12:31')
  expect(formatClockDuration(90_061_000)).toBe('1 d 01:01:01')
})

it('shows counts with thousands separators', () => {
  expect(formatCount(1_284_019)).toBe('1,284,019')
})

it('shows local time with milliseconds and with microseconds', () => {
  const time = new Date(2026, 10, 22, 14, 47, 12, 37).getTime() + 0.412
  expect(formatClock(time)).toBe('14:47:12.037')
  expect(formatTimestamp(time)).toMatch(/^2026-11-22 14:47:12\.03741[12]$/)
})

describe('escapeControl', () => {
  it('makes line ends, control and bidirectional characters visible', () => {
    expect(escapeControl('a\r\nb\tc\u0000\u202egnp.exe\u200b')).toBe(
      'a\\r\\nb\\tc\\u{0}\\u{202e}gnp.exe\\u{200b}',
    )
  })

  it('keeps line ends where several lines are shown', () => {
    expect(escapeControlInLines('a\r\nb\u202e')).toBe('a\r\nb\\u{202e}')
  })

  it('leaves ordinary text of every script alone', () => {
    expect(escapeControl('naïve 日本語 עברית 🎉')).toBe('naïve 日本語 עברית 🎉')
  })
})
