import { describe, expect, it } from 'vitest'
import type { RowDetail } from '@shared/model/frame'
import { textRow } from '../../../test/support/fake-frame-engine'
import { decoderKey, remembered } from './decoder-key'

const detailOf = (url: string, part: Partial<RowDetail['row']> = {}): RowDetail => ({
  row: textRow(0, part),
  session: { number: 1, role: 'client', url, peer: '', local: '' },
  frames: new Uint8Array(0),
  raw: null,
})

describe('decoderKey', () => {
  it('leaves out what may be secret in the address', () => {
    expect(decoderKey('log', detailOf('wss://ada:pw@feed.example/v2?token=x#y'))).toBe(
      'text client wss://feed.example/v2',
    )
  })

  it('keeps text and binary apart, and knows none for other rows', () => {
    expect(decoderKey('log', detailOf('ws://a/', { kind: 'binary' }))).toBe('binary client ws://a/')
    expect(decoderKey('log', detailOf('ws://a/', { kind: 'ping' }))).toBeNull()
  })

  it('falls back on the log where there is no address', () => {
    expect(decoderKey('log', detailOf(''))).toBe('text client log log')
  })
})

describe('remembered', () => {
  it('puts what was chosen last at the end and lets the oldest go', () => {
    expect(Object.entries(remembered({ a: 1, b: 2 }, 'a', 3, 2))).toEqual([
      ['b', 2],
      ['a', 3],
    ])
    expect(remembered({ a: 1, b: 2 }, 'c', 3, 2)).toEqual({ b: 2, c: 3 })
    expect(remembered({ a: 1, b: 2 }, 'a', null, 2)).toEqual({ b: 2 })
  })
})
