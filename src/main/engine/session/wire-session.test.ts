import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { constants, deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import * as servers from '../../../../test/servers'
import { closePayload, frame } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)
const utf8 = (text: string) => Buffer.from(text)

describe('frames that come in the segment of the 101', () => {
  it('are rows exactly once, after the open row', async () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, payload: 'first' }),
      frame({ opcode: 9, payload: 'p' }),
      frame({ opcode: 2, payload: Uint8Array.of(1, 2) }),
    ])
    const server = await serve(servers.scripted(bytes, { withUpgrade: true }))
    const { session, log, messages, closed } = dialForTest(server.url)
    await expect.poll(() => log.rows.length).toBe(5)
    await delay(20)
    expect(log.rows.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
      'none open',
      'in text',
      'in ping',
      'in binary',
      'out pong',
    ])
    expect(messages).toEqual(['first', '\u0001\u0002'])
    expect(session.handshake?.responseHead.endsWith('\r\n\r\n')).toBe(true)
    session.terminate()
    await closed
  })

  it('are complete when the segment cuts a frame', async () => {
    const bytes = frame({ opcode: 1, payload: 'cut in the middle' })
    const server = await serve(
      servers.bareServer(({ head, socket }) => {
        socket.resume()
        const answer = Buffer.from(servers.switchingProtocols(head))
        socket.write(Buffer.concat([answer, bytes.subarray(0, 1)]))
        setTimeout(() => socket.write(bytes.subarray(1)), 20)
      }),
    )
    const { session, log, messages, closed } = dialForTest(server.url)
    await expect.poll(() => messages).toEqual(['cut in the middle'])
    expect(log.rows[1]).toMatchObject({ wireSize: bytes.length, fragments: 1, header: 0x8111 })
    session.terminate()
    await closed
  })
})

describe('plain messages among everything else', () => {
  const deflated = deflateRawSync('squeezed', { finishFlush: constants.Z_SYNC_FLUSH }).subarray(
    0,
    -4,
  )
  const kinds = [
    { name: 'text', bytes: frame({ opcode: 1, payload: 'plain é' }), row: 'in text plain é' },
    { name: 'binary', bytes: frame({ opcode: 2, payload: 'bytes' }), row: 'in binary bytes' },
    {
      name: 'long',
      bytes: frame({ opcode: 1, payload: 'x'.repeat(300) }),
      row: `in text ${'x'.repeat(300)}`,
    },
    { name: 'ping', bytes: frame({ opcode: 9, payload: 'p' }), row: 'in ping p' },
    {
      name: 'compressed',
      bytes: frame({ opcode: 1, rsv1: true, payload: deflated }),
      row: 'in text squeezed',
    },
    {
      name: 'fragments',
      bytes: Buffer.concat([
        frame({ opcode: 1, fin: false, payload: 'one ' }),
        frame({ opcode: 0, payload: 'two' }),
      ]),
      row: 'in text one two',
    },
  ]

  it('are rows and messages in the order of the wire, whatever the segments', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...kinds), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 12 }),
        async (sent, sizes) => {
          const bytes = Buffer.concat(sent.map((kind) => kind.bytes))
          const server = await servers.bareServer(({ head, socket }) => {
            socket.resume()
            socket.setNoDelay(true)
            const extensions = 'permessage-deflate; server_no_context_takeover'
            const line = `Sec-WebSocket-Extensions: ${extensions}`
            socket.write(servers.switchingProtocols(head, line))
            void writeInPieces(socket, bytes, sizes)
          })
          const { session, log, messages, closed } = dialForTest(server.url)
          const incoming = () => log.rows.filter(({ direction }) => direction === 'in')
          await expect.poll(() => incoming().length).toBe(sent.length)
          expect(incoming().map((row) => `in ${row.kind} ${row.text}`)).toEqual(
            sent.map(({ row }) => row),
          )
          expect(messages).toEqual(
            sent
              .filter(({ name }) => name !== 'ping')
              .map(({ row }) => row.split(' ').slice(2).join(' ')),
          )
          expect(incoming().reduce((sum, { wireSize }) => sum + wireSize, 0)).toBe(bytes.length)
          session.terminate()
          await closed
          await server.close()
        },
      ),
      { numRuns: 30 },
    )
  })

  it('are read no further when a listener ends the connection', async () => {
    const bytes = Buffer.concat(
      Array.from({ length: 50 }, () => frame({ opcode: 1, payload: 'm' })),
    )
    const server = await serve(servers.scripted(bytes))
    const dialed = dialForTest(
      server.url,
      {},
      { listener: { onMessage: () => dialed.session.terminate() } },
    )
    const end = await dialed.closed
    expect(end.close).toMatchObject({ code: 1006, by: 'local' })
    expect(dialed.ends).toHaveLength(1)
  })

  it('are answered after all of their segment was logged, so that times ascend', async () => {
    const server = await serve(
      servers.bareServer(async ({ head, socket }) => {
        socket.resume()
        socket.write(servers.switchingProtocols(head))
        // What comes with the 101 is read by `ws`.
        await delay(50)
        socket.write(Buffer.concat(kinds.slice(0, 2).map(({ bytes }) => bytes)))
      }),
    )
    const dialed = dialForTest(
      server.url,
      {},
      {
        listener: {
          onMessage: (opcode, payload) => void dialed.session.send(opcode, Buffer.from(payload)),
        },
      },
    )
    await expect.poll(() => dialed.log.rows.length).toBe(5)
    expect(dialed.log.rows.map((row) => `${row.direction} ${row.kind}`)).toEqual([
      'none open',
      'in text',
      'in binary',
      'out text',
      'out binary',
    ])
    const times = dialed.log.rows.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((one, other) => one - other))
    dialed.session.terminate()
    await dialed.closed
  })
})

async function writeInPieces(socket: Socket, bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  for (const size of sizes) {
    if (at >= bytes.length) return
    socket.write(bytes.subarray(at, at + size))
    at += size
    await delay(1)
  }
  socket.write(bytes.subarray(at))
}

describe('a row', () => {
  it('knows every fragment of a message in very many', async () => {
    const count = 30_000
    const part = (index: number) =>
      frame({ opcode: index === 0 ? 2 : 0, fin: index === count - 1, payload: 'x' })
    const bytes = Buffer.concat(Array.from({ length: count }, (_unused, index) => part(index)))
    const server = await serve(servers.scripted(bytes))
    const { session, log, messages, closed } = dialForTest(server.url)
    await expect.poll(() => messages.length).toBe(1)
    expect(log.rows[1]).toMatchObject({ kind: 'binary', fragments: count, wireSize: bytes.length })
    session.terminate()
    await closed
  })

  it('sums up the fragments of a message, with control frames between them', async () => {
    const parts = [
      frame({ opcode: 1, fin: false, payload: 'one ' }),
      frame({ opcode: 9, payload: 'between' }),
      frame({ opcode: 0, fin: false, payload: 'two ' }),
      frame({ opcode: 10, payload: 'stray' }),
      frame({ opcode: 0, payload: 'three' }),
    ]
    const server = await serve(servers.scripted(parts))
    const { session, log, closed } = dialForTest(server.url)
    await expect.poll(() => session.counters.messagesIn).toBe(1)
    const incoming = log.rows.filter(({ direction }) => direction === 'in')
    expect(incoming.map(({ kind, text }) => [kind, text])).toEqual([
      ['ping', 'between'],
      ['pong', 'stray'],
      ['text', 'one two three'],
    ])
    expect(incoming[2]).toMatchObject({
      fragments: 3,
      wireSize: 4 + 4 + 5 + 3 * 2,
      header: 0x0104,
      maskingKey: 0,
    })
    const frames = [...(incoming[2]?.frames ?? [])]
    const hex = frames.map(({ header }) => Buffer.from(header).toString('hex'))
    expect(hex).toEqual(['0104', '0004', '8005'])
    expect(frames.map(({ payloadLength }) => payloadLength)).toEqual([4, 4, 5])
    expect(frames.at(-1)?.time).toBe(incoming[2]?.time)
    expect(incoming[0]?.frames).toBeNull()
    const times = log.rows.map(({ time }) => time)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    session.terminate()
    await closed
  })

  it('of an outgoing message has the frame as it was sent', async () => {
    const server = await serve(servers.echo())
    const { session, log, opened, closed } = dialForTest(server.url, { perMessageDeflate: false })
    await opened
    const payload = Buffer.alloc(70_000, 'é')
    await session.send('text', payload)
    const [row] = log.rows.filter(({ kind }) => kind === 'text')
    expect(row).toMatchObject({ wireSize: 70_014, fragments: 1, header: 0x81ff, fate: 'written' })
    expect(row?.maskingKey).not.toBe(0)
    expect(row).toMatchObject({ frames: null, raw: null })
    expect(row?.payload.equals(payload)).toBe(true)
    session.terminate()
    await closed
  })

  it('matches pings to pongs', async () => {
    const server = await serve(servers.echo())
    const sent: string[] = []
    const times: number[] = []
    const { session, log, opened, closed } = dialForTest(
      server.url,
      {},
      {
        listener: {
          onPingSent(payload, time) {
            sent.push(Buffer.from(payload).toString())
            times.push(time)
          },
          onPong(payload, time) {
            times.push(time)
            return Buffer.from(payload).toString() === sent[0] ? 1.25 : null
          },
        },
      },
    )
    await opened
    session.ping(utf8('unique'))
    await expect.poll(() => log.rows.length).toBe(3)
    expect(log.lines()).toEqual(['out ping unique', 'in pong unique'])
    expect(log.rows[2]?.rtt).toBe(1.25)
    expect(sent).toEqual(['unique'])
    expect(times[1]).toBeGreaterThanOrEqual(times[0] ?? Infinity)
    expect(() => session.ping(Buffer.alloc(126))).toThrow(
      expect.objectContaining({ code: 'PING_TOO_LONG' }) as Error,
    )
    session.terminate()
    await closed
  })

  it('answers a burst of pings, each with its row', async () => {
    const pings = Array.from({ length: 500 }, (_unused, index) =>
      frame({ opcode: 9, payload: String(index) }),
    )
    const server = await serve(servers.scripted(Buffer.concat(pings)))
    const { session, log, closed } = dialForTest(server.url)
    await expect.poll(() => log.rows.filter(({ kind }) => kind === 'pong').length).toBe(500)
    expect(session.phase).toBe('open')
    session.terminate()
    await closed
  })
})

describe('send', () => {
  it('takes no text that is not UTF-8', async () => {
    const server = await serve(servers.echo())
    const { session, log, opened, closed } = dialForTest(server.url)
    await opened
    await expect(session.send('text', Uint8Array.of(0xff))).rejects.toMatchObject({
      code: 'PAYLOAD_INVALID',
    })
    expect(log.lines()).toEqual([])
    session.terminate()
    await closed
    await expect(session.send('text', utf8('late'))).rejects.toMatchObject({ code: 'NOT_OPEN' })
  })

  it('leaves the bytes it was given alone', async () => {
    const server = await serve(servers.echo())
    const { session, messages, opened, closed } = dialForTest(server.url)
    await opened
    const payload = new TextEncoder().encode('untouched')
    await session.send('text', payload)
    expect(new TextDecoder().decode(payload)).toBe('untouched')
    await expect.poll(() => messages).toEqual(['untouched'])
    session.terminate()
    await closed
  })

  it('resolves with queued against a peer that does not read, and bufferedAmount rises', async () => {
    const server = await serve(servers.neverReads())
    const { session, log, opened, closed } = dialForTest(server.url, { perMessageDeflate: false })
    await opened
    const megabyte = Buffer.alloc(1024 * 1024)
    const outcomes = []
    for (let index = 0; index < 32; index++) outcomes.push(session.send('binary', megabyte))
    const before = session.bufferedAmount
    expect(before).toBeGreaterThan(0)
    const settled = await Promise.all(outcomes)
    const last = settled.at(-1)
    expect(last?.fate).toBe('queued')
    expect(last?.bufferedAmount).toBeGreaterThan(1024 * 1024)
    await session.send('binary', megabyte)
    expect(session.bufferedAmount).toBeGreaterThanOrEqual(
      (last?.bufferedAmount ?? 0) + megabyte.length,
    )
    session.terminate()
    const { close } = await closed
    expect(close).toEqual({ code: 1006, reason: '', by: 'local', clean: false })
    const out = log.rows.filter(({ direction }) => direction === 'out')
    expect(out).toHaveLength(33)
    expect(out.at(-1)).toMatchObject({ fate: 'failed', wireSize: 0 })
    expect(out.every(({ fate }) => fate === 'written' || fate === 'failed')).toBe(true)
  })

  it('rejects what was not written when the connection ends first', async () => {
    const server = await serve(servers.neverReads())
    const { session, opened, closed } = dialForTest(server.url, { perMessageDeflate: false })
    await opened
    const sends = Array.from({ length: 16 }, () =>
      session.send('binary', Buffer.alloc(1024 * 1024)).then(
        ({ fate }) => fate,
        (error: { code: string }) => error.code,
      ),
    )
    session.terminate()
    await closed
    expect((await Promise.all(sends)).at(-1)).toBe('SEND_FAILED')
  })
})

describe('the closing handshake', () => {
  it.each([
    [1000, 'done'],
    [1001, ''],
    [1011, 'out of cheese'],
    [3000, 'registered'],
    [4999, 'private'],
  ])('started by the peer with %i is clean', async (code, reason) => {
    const server = await serve(servers.closeWith(code, reason))
    const { log, closed, ends } = dialForTest(server.url)
    expect(await closed).toEqual({
      close: { code, reason, by: 'peer', clean: true },
      failure: null,
      refusal: null,
    })
    const closes = log.rows.filter(({ kind }) => kind === 'close')
    expect(closes.map(({ direction, fate }) => [direction, fate])).toEqual([
      ['in', null],
      ['out', 'written'],
    ])
    expect(closes[0]?.payload).toEqual(closePayload(code, reason))
    expect(ends).toHaveLength(1)
  })

  it('without a code is 1005', async () => {
    const server = await serve(servers.closeWith(null))
    const { closed } = dialForTest(server.url)
    expect((await closed).close).toEqual({ code: 1005, reason: '', by: 'peer', clean: true })
  })

  it('that the peer does not answer is cut after the timeout', async () => {
    const server = await serve(servers.noCloseReply())
    const { session, log, opened, closed } = dialForTest(server.url, { closeTimeout: 150 })
    await opened
    session.close(1000)
    session.close(1001)
    const { close, failure } = await closed
    expect(close).toEqual({ code: 1006, reason: '', by: 'local', clean: false })
    expect(failure).toMatchObject({ step: 'timeout' })
    expect(failure?.message).toContain('within 150 ms')
    expect(log.rows.map(({ kind }) => kind)).toEqual(['open', 'close', 'error'])
  })

  it('checks code and reason', async () => {
    const server = await serve(servers.echo())
    const { session, opened, closed } = dialForTest(server.url)
    await opened
    expect(() => session.close(1005)).toThrow(
      expect.objectContaining({ code: 'CLOSE_CODE_INVALID' }) as Error,
    )
    expect(() => session.close(1000, 'é'.repeat(62))).toThrow(
      expect.objectContaining({ code: 'CLOSE_REASON_TOO_LONG' }) as Error,
    )
    expect(session.phase).toBe('open')
    session.close(undefined, 'only a reason')
    expect((await closed).close).toMatchObject({ code: 1000, reason: 'only a reason' })
  })

  it('says closing as soon as the close frame is on the wire', async () => {
    const server = await serve(servers.scripted(frame({ opcode: 8, payload: closePayload(1000) })))
    const { session, closing, closed } = dialForTest(server.url, { closeTimeout: 100 })
    await closing
    expect(session.phase).toBe('closing')
    await expect(session.send('text', utf8('x'))).rejects.toMatchObject({ code: 'NOT_OPEN' })
    expect((await closed).close).toMatchObject({ by: 'peer', clean: true })
  })

  it('answered with another code was started by this end', async () => {
    const bytes = frame({ opcode: 8, payload: closePayload(1001, 'mine') })
    const server = await serve(
      servers.scripted([], {
        then: (socket) => socket.once('data', () => socket.end(bytes)),
      }),
    )
    const { session, opened, closing, closed } = dialForTest(server.url)
    await opened
    session.close(1000, 'yours')
    await closing
    expect((await closed).close).toEqual({ code: 1001, reason: 'mine', by: 'local', clean: true })
  })

  it('shows messages that come after the close frame, with the rule they break', async () => {
    const after = frame({ opcode: 1, payload: 'too late' })
    const server = await serve(
      servers.scripted(Buffer.concat([frame({ opcode: 8 }), after]), {
        then: (socket) => socket.on('data', () => socket.end()),
      }),
    )
    const { log, messages, closed } = dialForTest(server.url)
    expect((await closed).close).toMatchObject({ code: 1005, by: 'peer', clean: true })
    expect(messages).toEqual([])
    const row = log.rows.find(({ kind }) => kind === 'text')
    expect(row).toMatchObject({ text: 'too late', raw: after })
    expect(row?.broken?.section).toBe('RFC 6455 section 5.5.1')
    expect(log.rows.some(({ kind }) => kind === 'note' || kind === 'error')).toBe(false)
  })
})

describe('a connection that breaks', () => {
  it('by RST is 1006 by the network', async () => {
    const server = await serve(servers.resets())
    const { log, closed } = dialForTest(server.url)
    const { close, failure } = await closed
    expect(close).toEqual({ code: 1006, reason: '', by: 'network', clean: false })
    expect(failure).toMatchObject({ step: 'network', code: 'ECONNRESET' })
    expect(log.rows.map(({ kind }) => kind)).toEqual(['open', 'error'])
  })

  it('by FIN without a close frame is 1006 by the peer', async () => {
    const server = await serve(servers.endsWithoutClose())
    const { closed } = dialForTest(server.url)
    const { close, failure } = await closed
    expect(close).toEqual({ code: 1006, reason: '', by: 'peer', clean: false })
    expect(failure?.message).toBe('The peer ended the connection without a close frame.')
  })

  it('in the middle of a message shows what has come of it', async () => {
    const bytes = frame({ opcode: 1, payload: 'never finished' }).subarray(0, 9)
    const server = await serve(servers.scripted(bytes, { then: (socket) => void socket.end() }))
    const { log, closed } = dialForTest(server.url)
    await closed
    const row = log.rows.find(({ direction }) => direction === 'in')
    expect(row).toMatchObject({ kind: 'text', text: 'never f', wireSize: 9 })
    expect(row?.broken?.rule).toBe('The connection ended in the middle of this message')
    expect(row?.raw).toEqual(bytes)
  })

  it('still delivers what came with the end', async () => {
    const bytes = Buffer.concat([
      frame({ opcode: 1, payload: 'last words' }),
      frame({ opcode: 8, payload: closePayload(1000) }),
    ])
    const server = await serve(
      servers.scripted(bytes, { withUpgrade: true, then: (socket) => void socket.end() }),
    )
    const { log, messages, closed } = dialForTest(server.url)
    expect((await closed).close).toEqual({ code: 1000, reason: '', by: 'peer', clean: true })
    expect(messages).toEqual(['last words'])
    expect(log.rows.map(({ direction, kind }) => `${direction} ${kind}`)).toEqual([
      'none open',
      'in text',
      'in close',
      'out close',
    ])
  })

  it('by terminate is 1006 by this end, without a failure', async () => {
    const server = await serve(servers.echo())
    const { session, opened, closed, ends } = dialForTest(server.url)
    await opened
    session.terminate()
    expect(await closed).toEqual({
      close: { code: 1006, reason: '', by: 'local', clean: false },
      failure: null,
      refusal: null,
    })
    session.terminate()
    session.close()
    await delay(20)
    expect(ends).toHaveLength(1)
  })
})
