import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headerFields, headerLength, headerLines, touches } from './header-fields'

const whole = { index: 0, of: 1, compressed: false }
const read = (bytes: number[], place = whole) =>
  Object.fromEntries(headerFields(Uint8Array.from(bytes), place).map((field) => [field.id, field]))

describe('headerFields', () => {
  it('reads the masked text of RFC 6455 section 5.7', () => {
    const fields = read([0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d])
    expect(fields['fin']).toMatchObject({ bits: '1', meaning: 'The message ends here.' })
    expect(fields['opcode']).toMatchObject({
      bits: '0001',
      value: '0x1',
      meaning: 'text: begins a message of UTF-8 text.',
    })
    expect(fields['length']).toMatchObject({ bits: '0000101', value: '5' })
    expect(fields['key']?.value).toBe('37 fa 21 3d')
    expect(fields['extended']).toBeUndefined()
  })

  it.each([
    [[0x82, 0x7e, 0x01, 0x00], '126', '256'],
    [[0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0], '127', '65,536'],
    [[0x82, 0x7f, 0x80, 0, 0, 0, 0, 0, 0, 0], '127', '9223372036854775808'],
  ])('reads a length that follows, however large: %j', (bytes, short, length) => {
    expect(read(bytes)['length']?.value).toBe(short)
    expect(read(bytes)['extended']?.value).toBe(length)
  })

  it('says what RSV1 means on the first and on later fragments of a compressed message', () => {
    const first = read([0x41, 0x05], { index: 0, of: 3, compressed: true })
    expect(first['rsv1']?.meaning).toContain('permessage-deflate')
    expect(first['fin']?.meaning).toBe('More fragments of the message follow.')
    const last = read([0x80, 0x05], { index: 2, of: 3, compressed: true })
    expect(last['rsv1']?.meaning).toBe('Only the first fragment says that it is compressed.')
    expect(last['fin']?.meaning).toBe('The last fragment of the message.')
    expect(read([0xc1, 0x05])['rsv1']?.meaning).toContain('no extension')
  })

  it('names reserved opcodes', () => {
    expect(read([0x83, 0x00])['opcode']).toMatchObject({
      value: '0x3',
      meaning: 'reserved: for frames that are not defined yet.',
    })
  })

  it('covers every bit of any header once and in order, also of one that is cut off', () => {
    const header = fc.uint8Array({ minLength: 0, maxLength: 14 })
    fc.assert(
      fc.property(header, (bytes) => {
        const fields = headerFields(bytes, whole)
        const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
        const read = fields.map((field) => field.bits).join('')
        expect(bits.startsWith(read)).toBe(true)
        expect(read.length).toBe(headerLength(bytes) * 8)
        const drawn = headerLines(bytes, fields)
        expect(drawn.flatMap(({ pieces }) => pieces.map((piece) => piece.bits)).join('')).toBe(read)
        expect(drawn.flatMap((line) => line.bytes)).toHaveLength(headerLength(bytes))
      }),
    )
  })

  it('knows the bytes a field stands in', () => {
    const fields = read([0x82, 0x7e, 0x01, 0x00])
    const { fin, extended } = fields
    if (!fin || !extended) throw new Error('The test expected both fields.')
    expect([0, 1, 2, 3].map((byte) => touches(fin, byte))).toEqual([true, false, false, false])
    expect([0, 1, 2, 3].map((byte) => touches(extended, byte))).toEqual([false, false, true, true])
  })
})
