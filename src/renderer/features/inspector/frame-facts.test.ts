import { describe, expect, it } from 'vitest'
import type { Frame, RowDetail } from '@shared/model/frame'
import { PackedFrames } from '@shared/model/packed-frames'
import { textRow } from '../../../../test/support/fake-frame-engine'
import { frameFacts } from './frame-facts'

const unmasked: Frame = {
  header: Uint8Array.of(0xc2, 0x7e, 0x01, 0x98),
  payloadLength: 408,
  time: 1_000,
}
const masked: Frame = {
  header: Uint8Array.of(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d),
  payloadLength: 5,
  time: 1_000,
}
const detailOf = (part: Partial<RowDetail['row']>, frames: Frame[] = [unmasked]): RowDetail => ({
  row: textRow(7, part),
  session: {
    number: 1,
    role: 'client',
    url: 'wss://feed.example/v2',
    peer: '203.0.113.7:443',
    local: '10.0.0.2:50312',
  },
  frames: new Uint8Array(PackedFrames.from(frames).bytes),
  raw: null,
})
const factOf = (detail: RowDetail, name: string) =>
  frameFacts(detail).find((fact) => fact.name === name)

describe('frameFacts', () => {
  it('says what compression saved, and what headers took', () => {
    const detail = detailOf({ compressed: true, size: 1_900, wireSize: 412 })
    expect(factOf(detail, 'Compressed')).toMatchObject({ value: 'yes, ratio 4.6' })
    expect(factOf(detail, 'Payload')?.value).toBe('1.9 kB (1,900 bytes)')
    expect(factOf(detail, 'On the wire')).toMatchObject({
      value: '412 B',
      note: 'of which headers 4 B',
    })
  })

  it('shows the masking key', () => {
    expect(factOf(detailOf({}, [masked]), 'Masking key')?.value).toBe('37 fa 21 3d')
    expect(factOf(detailOf({}), 'Masking key')?.value).toBe('none')
  })

  it('says how long the fragments of a message took', () => {
    const frames = [unmasked, { ...unmasked, time: 1_012.5 }]
    expect(factOf(detailOf({ fragments: 2 }, frames), 'Frames')).toMatchObject({
      value: '2',
      note: '12.5 ms from the first to the last',
    })
    expect(factOf(detailOf({}), 'Frames')).toBeUndefined()
  })

  it('names a close code and what it means', () => {
    expect(factOf(detailOf({ kind: 'close', closeCode: 1001 }), 'Close code')).toMatchObject({
      value: '1001 Going away',
      note: expect.stringContaining('going away') as string,
    })
    expect(factOf(detailOf({ kind: 'close' }), 'Close code')?.value).toBe('none')
    expect(factOf(detailOf({}), 'Close code')).toBeUndefined()
  })

  it('says nothing of frames where there was none', () => {
    const names = frameFacts(detailOf({ kind: 'open', direction: 'none' }, [])).map(
      (fact) => fact.name,
    )
    expect(names).not.toContain('Masking key')
    expect(names).not.toContain('On the wire')
    expect(names).toContain('Time')
  })

  it('keeps the microseconds of a time', () => {
    const time = Date.UTC(2026, 10, 22, 14, 47, 12, 37) + 0.412
    expect(factOf(detailOf({ time }), 'UTC')?.value).toMatch(/^2026-11-22T14:47:12\.03741[12]Z$/)
  })
})
