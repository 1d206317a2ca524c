import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { characterBoundary, previewOf } from './row-preview'

const utf8 = new TextEncoder()

describe('previewOf', () => {
  it('shows a short text whole', () => {
    expect(previewOf('text', utf8.encode('grüße'))).toEqual({
      preview: 'grüße',
      previewCut: false,
      closeCode: null,
    })
  })

  it.each([
    ['exactly 200 bytes', 'a'.repeat(200), 'a'.repeat(200), false],
    ['201 bytes', 'a'.repeat(201), 'a'.repeat(200), true],
    ['a two-byte character across the cut', 'a'.repeat(199) + 'ü', 'a'.repeat(199), true],
    ['a four-byte character across the cut', 'a'.repeat(197) + '😀!', 'a'.repeat(197), true],
    ['a character that ends at the cut', 'a'.repeat(196) + '😀!', 'a'.repeat(196) + '😀', true],
  ])('cuts text at a character: %s', (_, text, preview, previewCut) => {
    expect(previewOf('text', utf8.encode(text))).toMatchObject({ preview, previewCut })
  })

  it('keeps a byte order mark', () => {
    expect(previewOf('text', utf8.encode('\ufeffx')).preview).toBe('\ufeffx')
  })

  it('shows bytes that are not UTF-8 as replacement characters', () => {
    expect(previewOf('text', Uint8Array.of(0x61, 0xff)).preview).toBe('a\ufffd')
    expect(previewOf('text', new Uint8Array(300).fill(0x80)).preview).toHaveLength(200)
  })

  it.each(['binary', 'ping', 'pong'] as const)('shows a %s as hex pairs', (kind) => {
    expect(previewOf(kind, Uint8Array.of(0, 0x0f, 0xff)).preview).toBe('00 0f ff')
    expect(previewOf(kind, new Uint8Array(0))).toMatchObject({ preview: '', previewCut: false })
    const long = previewOf(kind, new Uint8Array(65))
    expect(long.preview.split(' ')).toHaveLength(64)
    expect(long.previewCut).toBe(true)
  })

  it('shows the reason and the code of a close frame', () => {
    const payload = Uint8Array.of(0x03, 0xe9, ...utf8.encode('bye'))
    expect(previewOf('close', payload)).toEqual({
      preview: 'bye',
      previewCut: false,
      closeCode: 1001,
    })
    expect(previewOf('close', new Uint8Array(0)).closeCode).toBeNull()
    expect(previewOf('close', Uint8Array.of(3)).closeCode).toBeNull()
  })

  it('shows what an opening handshake asked for and what was answered', () => {
    const heads =
      'GET /chat?room=1 HTTP/1.1\r\nHost: a\r\n\r\nHTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'
    expect(previewOf('open', Buffer.from(heads))).toEqual({
      preview: 'GET /chat?room=1 → 101 Switching Protocols',
      previewCut: true,
      closeCode: null,
    })
  })

  it.each(['error', 'note'] as const)('shows the text of an %s event', (kind) => {
    expect(previewOf(kind, utf8.encode('connected')).preview).toBe('connected')
  })

  it('is always a prefix of the text that never splits a character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const payload = utf8.encode(text)
        const { preview, previewCut } = previewOf('text', payload)
        expect(text.startsWith(preview)).toBe(true)
        expect(previewCut).toBe(preview !== text)
        expect(utf8.encode(preview).byteLength).toBeLessThanOrEqual(200)
        if (previewCut) expect(utf8.encode(preview).byteLength).toBeGreaterThan(196)
      }),
    )
  })
})

describe('characterBoundary', () => {
  it('moves back at most three bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 30 }),
        fc.integer({ min: 4, max: 30 }),
        (bytes, at) => {
          const end = characterBoundary(bytes, at)
          expect(end).toBeLessThanOrEqual(Math.min(at, bytes.byteLength))
          expect(end).toBeGreaterThanOrEqual(Math.min(at - 3, bytes.byteLength))
        },
      ),
    )
  })
})
