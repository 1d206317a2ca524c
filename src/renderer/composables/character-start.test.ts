import fc from 'fast-check'
import { expect, it } from 'vitest'
import { characterStart } from './character-start'

const encode = (text: string) => new TextEncoder().encode(text)
const isText = (bytes: Uint8Array) => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) !== undefined
  } catch {
    return false
  }
}

it('cuts no character in two, wherever it is asked to', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(64), (text, wish) => {
      const bytes = encode(text)
      const at = Math.min(wish, bytes.byteLength)
      const start = characterStart(bytes, at)
      expect(start).toBeLessThanOrEqual(at)
      expect(at - start).toBeLessThan(4)
      expect(isText(bytes.subarray(0, start))).toBe(true)
      expect(isText(bytes.subarray(start))).toBe(true)
    }),
  )
})

it('goes back no further than it must', () => {
  expect(characterStart(encode('aé'), 3)).toBe(3)
  expect(characterStart(encode('aé'), 2)).toBe(1)
  expect(characterStart(encode('😀b'), 3)).toBe(0)
  expect(characterStart(encode('abc'), 0)).toBe(0)
})

it('leaves bytes that are no text where they are', () => {
  expect(characterStart(new Uint8Array(8).fill(0x80), 5)).toBe(5)
  expect(characterStart(new Uint8Array(8).fill(0xff), 5)).toBe(5)
})
