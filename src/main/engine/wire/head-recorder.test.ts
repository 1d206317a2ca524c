import { describe, expect, it } from 'vitest'
import { HeadRecorder } from './head-recorder'

describe('HeadRecorder', () => {
  it('ends at the blank line, wherever the chunks are cut', () => {
    const head = 'GET / HTTP/1.1\r\nX: caf\xe9\r\n\r\n'
    const bytes = Buffer.from(`${head}frames`, 'latin1')
    for (let cut = 0; cut <= bytes.length; cut++) {
      const recorder = new HeadRecorder()
      const parts = [bytes.subarray(0, cut), bytes.subarray(cut)]
      let rest = ''
      for (const part of parts)
        rest += recorder.ended
          ? part.toString()
          : (recorder.addUntilBlankLine(part) ?? '').toString()
      expect(recorder.text).toBe(head)
      expect(rest).toBe('frames')
    }
  })

  it('gives the last request of a connection that was kept alive', () => {
    const recorder = new HeadRecorder()
    recorder.add(Buffer.from('POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi'))
    recorder.add(Buffer.from('\r\nGET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\nframe'))
    recorder.end(5)
    expect(recorder.requestText).toBe('GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n')
  })

  it('keeps at most 64 KiB and the chunk that came last', () => {
    const recorder = new HeadRecorder()
    for (let index = 0; index < 100; index++) recorder.add(Buffer.alloc(10_000, index))
    expect(recorder.text.length).toBeLessThanOrEqual(64 * 1024)
    expect(recorder.text.at(-1)).toBe(String.fromCharCode(99))
  })
})
