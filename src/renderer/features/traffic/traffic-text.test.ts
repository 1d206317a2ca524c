import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { escapeControl } from '@shared/format/escape-control'
import { rowKinds } from '@shared/model/frame'
import { controlKinds, kindLabel, withKinds } from './kind-groups'
import { markPreview } from './preview-marks'
import { deltaText, formatElapsed, timeText } from './time-text'

describe('markPreview', () => {
  it('marks the text wherever it stands, in any case', () => {
    expect(markPreview('btc to BTC', 'Btc')).toEqual([
      { text: 'btc', found: true },
      { text: ' to ', found: false },
      { text: 'BTC', found: true },
    ])
  })

  it('looks before it escapes, so that what is shown cannot be taken for what came', () => {
    expect(markPreview('a\nb n', 'n')).toEqual([
      { text: 'a\\nb ', found: false },
      { text: 'n', found: true },
    ])
    expect(markPreview('x\u202ey', '\u202e')[1]).toEqual({ text: '\\u{202e}', found: true })
  })

  it('takes every character of the filter literally', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (preview, sought) => {
        const pieces = markPreview(preview, sought)
        expect(pieces.map((piece) => piece.text).join('')).toBe(escapeControl(preview))
        if (preview.includes(sought)) expect(pieces.some((piece) => piece.found)).toBe(true)
      }),
    )
  })
})

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
