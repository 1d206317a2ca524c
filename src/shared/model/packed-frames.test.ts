import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packedFrameBytes, PackedFrames } from './packed-frames'

const frames = fc.array(
  fc.record({
    header: fc.uint8Array({ minLength: 2, maxLength: 14 }),
    payloadLength: fc.maxSafeNat(),
    time: fc.double({ noNaN: true, min: 0, max: 4e12 }),
  }),
  { maxLength: 40 },
)

describe('packed frames', () => {
  it('give back what was packed', () => {
    fc.assert(
      fc.property(frames, fc.nat(5), (list, shift) => {
        const packed = PackedFrames.from(list)
        // As in the middle of a record.
        const moved = new Uint8Array(shift + packed.bytes.length)
        moved.set(packed.bytes, shift)
        const read = new PackedFrames(moved.subarray(shift))
        expect([...read]).toEqual(list)
        expect(read.length).toBe(list.length)
        for (const place of [0, 3, -1, -4, 40]) expect(read.at(place)).toEqual(list.at(place))
        expect(read.headerBytes).toBe(list.reduce((sum, { header }) => sum + header.length, 0))
        const before = list.slice(0, 7).reduce((sum, { payloadLength }) => sum + payloadLength, 0)
        expect(read.lengthBefore(7)).toBe(before)
        expect([...read.withTimes((time) => time + 1)]).toEqual(
          list.map((frame) => ({ ...frame, time: frame.time + 1 })),
        )
        expect([...read]).toEqual(list)
      }),
    )
  })

  it('are read as far as they are whole, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const packed = new PackedFrames(bytes)
        expect([...packed]).toHaveLength(Math.floor(bytes.length / packedFrameBytes))
        for (const { header } of packed) expect(header.length).toBeLessThanOrEqual(14)
      }),
    )
  })
})
