import { deflateRawSync, constants } from 'node:zlib'
import { parseClosePayload } from '@shared/model/close-code'
import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { closePayload, frame } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)
const deflateLine = 'Sec-WebSocket-Extensions: permessage-deflate'
const key = [1, 2, 3, 4] as const

/** A payload as permessage-deflate puts it into a frame (RFC 7692 section 7.2.1). */
function deflated(text: string): Buffer {
  const compressed = deflateRawSync(text, { finishFlush: constants.Z_SYNC_FLUSH })
  return compressed.subarray(0, -4)
}

/** Runs a script to its end and gives what is in the log. */
async function play(bytes: Buffer, config = {}, lines: readonly string[] = []) {
  const server = await serve(servers.scripted(bytes, { lines, then: servers.endWhenAnswered }))
  const dialed = dialForTest(server.url, { closeTimeout: 1000, ...config })
  const end = await dialed.closed
  const incoming = dialed.log.rows.filter(({ direction }) => direction === 'in')
  const closeOut = dialed.log.rows.find(
    ({ direction, kind }) => direction === 'out' && kind === 'close',
  )
  return {
    ...dialed,
    ...end,
    incoming,
    last: incoming.at(-1),
    closeCode: closeOut && parseClosePayload(closeOut.payload).code,
    order: dialed.log.rows.map(({ direction, kind }) => `${direction} ${kind}`),
  }
}

describe('a frame that breaks a rule', () => {
  it.each([
    ['a reserved opcode', { opcode: 3, payload: 'abc' }, 'binary', 'Opcode 3', '5.2'],
    ['RSV1 without extension', { opcode: 1, rsv1: true, payload: 'abc' }, 'text', 'RSV1', '5.2'],
    ['RSV2', { opcode: 2, rsv2: true, payload: 'abc' }, 'binary', 'RSV2', '5.2'],
    ['a mask', { opcode: 1, payload: 'abc', mask: key }, 'text', 'must not mask', '5.1'],
    ['a fragmented ping', { opcode: 9, fin: false, payload: 'abc' }, 'ping', 'fragmented', '5.5'],
    ['a stray continuation', { opcode: 0, payload: 'abc' }, 'binary', 'continuation', '5.4'],
  ] as const)('%s is a row with the rule', async (_name, parts, kind, rule, section) => {
    const bytes = frame(parts)
    const { incoming, last, failure, closeCode, close, order, log } = await play(
      Buffer.concat([frame({ opcode: 1, payload: 'before' }), bytes]),
    )
    expect(incoming).toHaveLength(2)
    expect(last).toMatchObject({ kind, text: 'abc', header: bytes.readUInt16BE(0) })
    expect(last?.broken?.rule).toContain(rule)
    expect(last?.broken?.section).toBe(`RFC 6455 section ${section}`)
    expect(closeCode).toBe(1002)
    expect(close).toMatchObject({ code: 1006, by: 'local', clean: false })
    expect(failure).toMatchObject({ step: 'protocol' })
    expect(failure?.message).toContain(rule)
    expect(failure?.message).toContain(bytes.toString('hex').replaceAll(/(..)(?!$)/g, '$1 '))
    expect(order).toEqual(['none open', 'in text', `in ${kind}`, 'out close', 'none error'])
    expect(log.rows.at(-1)?.text).toContain(failure?.message)
  })

  it('in its close code is a close row with the rule', async () => {
    const { last, closeCode, failure } = await play(
      frame({ opcode: 8, payload: closePayload(1005, 'x') }),
    )
    expect(last).toMatchObject({ kind: 'close', payload: closePayload(1005, 'x') })
    expect(last?.broken?.rule).toContain('1005 is not allowed')
    expect(closeCode).toBe(1002)
    expect(failure?.message).toContain('RFC 6455 section 7.4')
  })

  it('in its close reason is answered with 1007, not with the same reason', async () => {
    const payload = closePayload(1000, Uint8Array.of(0xc3, 0x28))
    const { last, closeCode, failure, close } = await play(frame({ opcode: 8, payload }))
    expect(last).toMatchObject({ kind: 'close', payload })
    expect(last?.broken?.section).toBe('RFC 6455 section 5.5.1')
    expect(closeCode).toBe(1007)
    expect(failure?.step).toBe('protocol')
    expect(close?.by).toBe('peer')
  })

  it('in its length only is an ordinary row with the rule', async () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, payload: 'long-winded', lengthBytes: 8 }),
      frame({ opcode: 1, payload: 'fine' }),
      frame({ opcode: 8, payload: closePayload(1000) }),
    ])
    const { incoming, messages, failure, close } = await play(bytes)
    expect(incoming[0]).toMatchObject({ text: 'long-winded', wireSize: 21 })
    expect(incoming[0]?.broken?.rule).toContain('shortest form')
    expect(incoming[1]?.broken).toBeNull()
    expect(messages).toEqual(['long-winded', 'fine'])
    expect(failure).toBeNull()
    expect(close?.clean).toBe(true)
  })

  it('in its text is logged whole and closes with 1007', async () => {
    const text = Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xff])])
    const { last, closeCode, messages, failure, order } = await play(
      frame({ opcode: 1, payload: text }),
    )
    expect(last?.payload.equals(text)).toBe(true)
    expect(last?.broken).toEqual({
      rule: 'A text message must be valid UTF-8',
      section: 'RFC 6455 section 8.1',
    })
    expect(messages).toEqual([])
    expect(closeCode).toBe(1007)
    expect(failure?.step).toBe('protocol')
    expect(order).toEqual(['none open', 'in text', 'out close', 'none error'])
  })

  it('takes a character that fragments cut for what it is', async () => {
    const [first, second] = [Buffer.from([0xc3]), Buffer.from([0xa9])]
    const { messages, failure } = await play(
      Buffer.concat([
        frame({ opcode: 1, fin: false, payload: first }),
        frame({ opcode: 0, payload: second }),
        frame({ opcode: 8, payload: closePayload(1000) }),
      ]),
    )
    expect(messages).toEqual(['é'])
    expect(failure).toBeNull()
  })

  it('for being too long shows its start and the limit', async () => {
    const { last, closeCode, failure, order } = await play(
      frame({ opcode: 2, payload: Buffer.alloc(5000, 'x') }),
      { maxPayload: 4500 },
    )
    expect(last).toMatchObject({ kind: 'binary' })
    expect(last?.payload).toEqual(Buffer.alloc(4092, 'x'))
    expect(last?.broken?.rule).toContain('longer than the longest one accepted')
    expect(closeCode).toBe(1009)
    expect(failure?.message).toContain('limit of 4500 bytes')
    expect(order).toEqual(['none open', 'in binary', 'out close', 'none error'])
  })

  it('for announcing too much is one row, however much of it follows, and the next has its own', async () => {
    const whole = frame({ opcode: 2, payload: Buffer.alloc(200_000, 'x') })
    const server = await serve(
      servers.scripted(whole.subarray(0, 1000), {
        then: (socket) =>
          setTimeout(() => {
            socket.write(whole.subarray(1000))
            socket.end(frame({ opcode: 1, payload: 'more' }))
          }, 50),
      }),
    )
    const { log, closed } = dialForTest(server.url, { maxPayload: 10_000 })
    const { close } = await closed
    const incoming = log.rows.filter(({ direction }) => direction === 'in')
    expect(incoming).toHaveLength(2)
    expect(incoming[0]).toMatchObject({ kind: 'binary', wireSize: 1000 })
    expect(incoming[1]).toMatchObject({ kind: 'text', text: 'more' })
    expect(incoming[1]?.broken?.rule).toContain('before this message was read')
    expect(incoming[0]?.broken?.rule).toContain('longer than')
    expect(close).toMatchObject({ code: 1006, by: 'local' })
    const note = log.rows.find(({ kind }) => kind === 'note')
    expect(note?.text).toContain(`${whole.length - 1000} bytes came after`)
  })

  it('for not inflating shows the bytes as they came', async () => {
    const garbage = Buffer.from('ffffffffff', 'hex')
    const { last, closeCode, failure, order } = await play(
      frame({ opcode: 1, rsv1: true, payload: garbage }),
      {},
      [deflateLine],
    )
    expect(last).toMatchObject({ kind: 'text', payload: garbage })
    expect(last?.broken?.section).toBe('RFC 7692 section 7.2.2')
    expect(closeCode).toBe(1007)
    expect(failure?.message).toContain('DEFLATE')
    expect(order).toEqual(['none open', 'in text', 'out close', 'none error'])
  })

  it('for inflating to more than the limit is named', async () => {
    const { last, closeCode, failure } = await play(
      frame({ opcode: 1, rsv1: true, payload: deflated('a'.repeat(100_000)) }),
      { maxPayload: 50_000 },
      [deflateLine],
    )
    expect(last?.broken?.rule).toContain('longer than')
    expect(closeCode).toBe(1009)
    expect(failure?.message).toContain('limit of 50000 bytes')
  })

  it('ends the reading, and what follows is in the list without being delivered', async () => {
    const { incoming, messages, order, close } = await play(
      Buffer.concat([
        frame({ opcode: 1, payload: 'before' }),
        frame({ opcode: 11, payload: 'bad' }),
        frame({ opcode: 1, payload: 'not read' }),
        frame({ opcode: 10, payload: 'stray' }),
        frame({ opcode: 8, payload: closePayload(1000) }),
      ]),
    )
    expect(messages).toEqual(['before'])
    expect(order).toEqual([
      'none open',
      'in text',
      'in binary',
      'in text',
      'in pong',
      'in close',
      'out close',
      'none error',
    ])
    expect(incoming[2]).toMatchObject({ text: 'not read' })
    expect(incoming[2]?.broken?.section).toBe('RFC 6455 section 7.1.7')
    expect(close).toMatchObject({ code: 1006, by: 'local', clean: false })
  })

  it('is told of when its end does not come, with what has', async () => {
    const cut = frame({ opcode: 5, payload: Buffer.alloc(300, 'x') }).subarray(0, 100)
    const { last, order } = await play(cut)
    expect(last?.raw).toEqual(cut)
    expect(order).toEqual(['none open', 'in binary', 'out close', 'none error'])
  })
})

describe('permessage-deflate', () => {
  const big = 'the same words again and again, '.repeat(2000)

  it('keeps the order of the wire while messages are inflated', async () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, rsv1: true, payload: deflated(big) }),
      frame({ opcode: 9, payload: 'a ping between' }),
      frame({ opcode: 1, payload: 'plain' }),
      frame({ opcode: 10, payload: 'a pong between' }),
      frame({ opcode: 2, rsv1: true, payload: deflated('again') }),
      frame({ opcode: 8, payload: closePayload(1000, 'end') }),
    ])
    const { incoming, messages, close, order } = await play(bytes, {}, [
      `${deflateLine}; server_no_context_takeover`,
    ])
    expect(incoming.map(({ kind, text }) => [kind, text.slice(0, 15)])).toEqual([
      ['text', 'the same words '],
      ['ping', 'a ping between'],
      ['text', 'plain'],
      ['pong', 'a pong between'],
      ['binary', 'again'],
      ['close', '\u0003\u00e8end'.replace('\u00e8', '\ufffd')],
    ])
    expect(messages).toEqual([big, 'plain', 'again'])
    expect(incoming[0]?.payload).toHaveLength(big.length)
    expect(incoming[0]?.wireSize).toBeLessThan(big.length / 10)
    expect((incoming[0]?.header ?? 0) & 0x4000).toBe(0x4000)
    expect(close).toEqual({ code: 1000, reason: 'end', by: 'peer', clean: true })
    expect(order.indexOf('in close')).toBeLessThan(order.indexOf('out close'))
  })

  it('reads a compressed message in fragments with a ping between', async () => {
    const payload = deflated(big)
    const bytes = Buffer.concat([
      frame({ opcode: 1, rsv1: true, fin: false, payload: payload.subarray(0, 20) }),
      frame({ opcode: 9, payload: 'p' }),
      frame({ opcode: 0, fin: false, payload: payload.subarray(20, 30) }),
      frame({ opcode: 0, payload: payload.subarray(30) }),
      frame({ opcode: 8 }),
    ])
    const { incoming, messages } = await play(bytes, {}, [deflateLine])
    expect(messages).toEqual([big])
    expect(incoming.map(({ kind, fragments }) => [kind, fragments])).toEqual([
      ['ping', 1],
      ['text', 3],
      ['close', 1],
    ])
    expect(incoming[1]?.wireSize).toBe(payload.length + 2 + 2 + 4)
  })

  it('compresses what is sent, with pings in between', async () => {
    const server = await serve(servers.echo({ perMessageDeflate: true }))
    const { session, log, messages, opened, closed } = dialForTest(server.url)
    expect((await opened).extensions).toContain('permessage-deflate')
    const sends = [session.send('text', Buffer.from(big))]
    session.ping(Buffer.from('1'))
    sends.push(session.send('text', Buffer.from('second')))
    session.ping(Buffer.from('2'))
    await Promise.all(sends)
    await expect.poll(() => messages).toEqual([big, 'second'])
    const out = log.rows.filter(({ direction }) => direction === 'out')
    expect(out.map(({ kind, payload }) => [kind, payload.length])).toEqual([
      ['text', big.length],
      ['ping', 1],
      ['text', 6],
      ['ping', 1],
    ])
    expect(out[0]?.wireSize).toBeLessThan(big.length / 10)
    expect((out[0]?.header ?? 0) & 0x4000).toBe(0x4000)
    session.close()
    expect((await closed).close?.clean).toBe(true)
  })
})
