import { describe, expect, it } from 'vitest'
import type { FrameHeader, RowDetail } from '@shared/model/frame'
import { textRow } from '../../../../test/support/fake-frame-engine'
import { frameFacts, headerBits } from './frame-facts'

const header: FrameHeader = {
  fin: true,
  rsv1: true,
  rsv2: false,
  rsv3: false,
  opcode: 2,
  masked: false,
  payloadLength: 412,
}
const detailOf = (
  part: Partial<RowDetail['row']>,
  head: FrameHeader | null = header,
): RowDetail => ({
  row: textRow(7, part),
  header: head,
  peer: '203.0.113.7:443',
})
const valueOf = (detail: RowDetail, name: string) =>
  frameFacts(detail).find((fact) => fact.name === name)

describe('headerBits', () => {
  it('writes the first two bytes as they stand on the wire', () => {
    const bits = headerBits(header)
    expect(bits.map((field) => field.bits).join('')).toBe('1100001001111110')
    expect(bits.at(-1)?.name).toBe('length 126, then 16 bits')
  })

  it.each([
    [0, '0000000'],
    [125, '1111101'],
    [126, '1111110'],
    [65_535, '1111110'],
    [65_536, '1111111'],
  ])('writes a length of %d as %s', (payloadLength, bits) => {
    expect(headerBits({ ...header, payloadLength }).at(-1)?.bits).toBe(bits)
  })
})

describe('frameFacts', () => {
  it('says what compression saved', () => {
    const detail = detailOf({ compressed: true, size: 1_900, wireSize: 412 })
    expect(valueOf(detail, 'Compressed')).toMatchObject({ value: 'yes, ratio 4.6' })
    expect(valueOf(detail, 'Payload')?.value).toBe('1.9 kB (1,900 bytes)')
  })

  it('names a close code and what it means', () => {
    expect(valueOf(detailOf({ kind: 'close', closeCode: 1001 }), 'Close code')).toMatchObject({
      value: '1001 Going away',
      note: expect.stringContaining('going away') as string,
    })
    expect(valueOf(detailOf({ kind: 'close' }), 'Close code')?.value).toBe('none')
    expect(valueOf(detailOf({}), 'Close code')).toBeUndefined()
  })

  it('says nothing of frames where there was none', () => {
    const names = frameFacts(detailOf({ kind: 'open', direction: 'none' }, null)).map(
      (fact) => fact.name,
    )
    expect(names).not.toContain('Opcode')
    expect(names).not.toContain('On the wire')
    expect(names).toContain('Time')
  })

  it('keeps the microseconds of a time', () => {
    const time = Date.UTC(2026, 10, 22, 14, 47, 12, 37) + 0.412
    expect(valueOf(detailOf({ time }), 'UTC')?.value).toMatch(/^2026-11-22T14:47:12\.03741[12]Z$/)
  })
})
