import { describe, expect, it } from 'vitest'
import { rowKinds } from '@shared/model/frame'
import { controlKinds, kindLabel, withKinds } from './kind-groups'
import { deltaText, formatElapsed, timeText } from './time-text'

describe('timeText', () => {
  it('shows the delta to the row before, and nothing for the first', () => {
    expect(deltaText(1_015, 1_000)).toBe('+15.0 ms')
    expect(deltaText(1_000, 1_015)).toBe('-15.0 ms')
    expect(timeText('delta', 1_000, null, null)).toBe('')
  })

  it('counts relative times from the first row', () => {
    expect(timeText('relative', 61_037, null, 1_000)).toBe('01:00.037')
    expect(timeText('relative', 61_037, null, null)).toBe('00:00.000')
  })

  it.each([
    [0, '00:00.000'],
    [59_999.6, '01:00.000'],
    [3_600_000, '1:00:00.000'],
    [-1_500, '-00:01.500'],
  ])('shows %d ms since the start as %s', (elapsed, text) => {
    expect(formatElapsed(elapsed)).toBe(text)
  })
})

describe('withKinds', () => {
  it('switches kinds on and off and keeps their order', () => {
    const without = withKinds(rowKinds, controlKinds, false)
    expect(without).toEqual(['text', 'binary', 'open', 'error', 'note'])
    expect(withKinds(without, ['ping'], true)).toEqual([
      'text',
      'binary',
      'ping',
      'open',
      'error',
      'note',
    ])
    expect(kindLabel('pong')).toBe('Pong')
  })
})
