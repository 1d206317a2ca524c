import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { closePayload, endWhenAnswered, frame, scripted } from '../../../../test/servers'
import { dialForTest, serversForTest } from '../../../../test/servers/dial-for-test'

const { serve } = serversForTest(afterEach)

const broken = frame({ opcode: 2, rsv1: true, payload: Buffer.from('ffffffffff', 'hex') })
const large = frame({ opcode: 2, payload: Buffer.alloc(10_000, 'large') })
const close = frame({ opcode: 8, payload: closePayload(1000) })

/** What a client has for rows of what it received: first one part, and once that failed the other. */
async function received(first: Buffer, second: Buffer, maxPayload?: number) {
  const server = await serve(
    scripted(first, {
      lines: ['Sec-WebSocket-Extensions: permessage-deflate'],
      then: (socket) => {
        socket.setNoDelay()
        void once(socket, 'data').then(async () => {
          // In a chunk of its own.
          await delay(20)
          socket.write(second)
          endWhenAnswered(socket)
        })
      },
    }),
  )
  const { log, closed } = dialForTest(server.url, {
    closeTimeout: 500,
    perMessageDeflate: true,
    ...(maxPayload === undefined ? {} : { maxPayload }),
  })
  await closed
  return log.rows.filter(({ direction, kind }) => direction === 'in' || kind === 'note')
}

it.each([1, 2, 3, 4, 5, 100, 5000, large.length - 1])(
  'has the frame after one that does not inflate whole when it is cut after %i bytes',
  async (cut) => {
    const rows = await received(
      Buffer.concat([broken, large.subarray(0, cut)]),
      Buffer.concat([large.subarray(cut), frame({ opcode: 9, payload: 'ping' }), close]),
    )
    expect(rows.map(({ kind, wireSize }) => [kind, wireSize])).toEqual([
      ['binary', broken.length],
      ['binary', large.length],
      ['ping', 6],
      ['close', close.length],
    ])
    const [failed, cutOne, ping] = rows
    expect(failed?.broken?.rule).toContain('valid DEFLATE data')
    expect(cutOne?.broken?.rule).toContain('before this message was read')
    expect(Buffer.from(cutOne?.raw ?? [])).toEqual(large.subarray(0, 4096))
    expect(cutOne?.payload).toEqual(Buffer.alloc(10_000, 'large').subarray(0, 4092))
    expect(ping?.broken).toBeNull()
  },
)

it.each([3, 8])(
  'has the ping after one that does not inflate when it is cut after %i',
  async (cut) => {
    const ping = frame({ opcode: 9, payload: 'a ping' })
    const rows = await received(
      Buffer.concat([broken, ping.subarray(0, cut)]),
      Buffer.concat([ping.subarray(cut), close]),
    )
    expect(rows.map(({ kind, text }) => [kind, kind === 'ping' ? text : ''])).toEqual([
      ['binary', ''],
      ['ping', 'a ping'],
      ['close', ''],
    ])
  },
)

it('has all of a fragmented message that comes in the same chunk as one that does not inflate', async () => {
  const parts = [
    frame({ opcode: 1, fin: false, payload: 'one ' }),
    frame({ opcode: 0, fin: false, payload: 'two ' }),
    frame({ opcode: 0, payload: 'three' }),
  ]
  const rows = await received(Buffer.concat([broken, ...parts]), close)
  expect(rows[1]).toMatchObject({ kind: 'text', text: 'one two three', fragments: 3 })
  expect(Buffer.from(rows[1]?.raw ?? [])).toEqual(Buffer.concat(parts))
})

it('goes on after the start of a message too long where that ends', async () => {
  const after = frame({ opcode: 1, payload: 'after' })
  const rows = await received(
    large.subarray(0, 3000),
    Buffer.concat([large.subarray(3000), after, close]),
    1000,
  )
  expect(rows.map(({ kind, wireSize }) => [kind, wireSize])).toEqual([
    ['binary', 3000],
    ['text', after.length],
    ['close', close.length],
    ['note', 0],
  ])
  expect(rows[0]?.broken?.rule).toContain('longer than the longest')
  expect(rows[1]?.broken?.rule).toContain('before this message was read')
  expect(rows[3]?.text).toContain(`${large.length - 3000} bytes`)
})
