import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '@shared/errors'
import { Repeat, type RepeatOptions, type RepeatPlan } from './repeat'

const plan = (change: Partial<RepeatPlan>): RepeatPlan => ({
  opcode: 'text',
  format: 'text',
  content: 'x',
  interval: 100,
  total: null,
  ...change,
})

describe('Repeat', () => {
  let sent: { at: number; text: string; opcode: string }[]
  let ends: unknown[]
  let backedUp: boolean
  let running: Repeat | undefined

  beforeEach(() => {
    vi.useFakeTimers()
    sent = []
    ends = []
    backedUp = false
  })

  afterEach(() => {
    running?.stop()
    vi.useRealTimers()
  })

  function start(change: Partial<RepeatPlan>, send?: RepeatOptions['send']): Repeat {
    const begin = performance.now()
    const record = async (opcode: string, payload: Uint8Array) => {
      const text = new TextDecoder().decode(payload)
      sent.push({ at: Math.round(performance.now() - begin), text, opcode })
    }
    running = new Repeat({
      plan: plan(change),
      send: send ?? record,
      isBackedUp: () => backedUp,
      onProgress: () => {},
      onEnd: (error) => ends.push(error),
    })
    running.start()
    return running
  }

  it('sends at once, then on every beat, until the total is reached', async () => {
    const repeat = start({ total: 3 })
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent.map(({ at }) => at)).toEqual([0, 100, 200])
    expect(ends).toEqual([null])
    expect(repeat.state).toEqual({ sent: 3, total: 3, interval: 100 })
  })

  it('fills in templates at each send', async () => {
    vi.setSystemTime(new Date(2026, 0, 2, 3, 4, 5, 6))
    start({ content: '{{counter}} at {{time}}', total: 2 })
    await vi.advanceTimersByTimeAsync(100)
    expect(sent.map(({ text }) => text)).toEqual([
      '1 at 2026-01-02 03:04:05.006',
      '2 at 2026-01-02 03:04:05.106',
    ])
  })

  it('sends JSON with templates as text', () => {
    start({ format: 'json', opcode: 'binary', content: '{"n":{{counter}}}' })
    expect(sent).toMatchObject([{ text: '{"n":1}', opcode: 'text' }])
  })

  it('sends hex and base64 as the frame chosen, without templates', () => {
    start({ format: 'hex', opcode: 'binary', content: '68 69' }).stop()
    start({ format: 'base64', opcode: 'text', content: 'aGk' })
    expect(sent).toMatchObject([
      { text: 'hi', opcode: 'binary' },
      { text: 'hi', opcode: 'text' },
    ])
  })

  it('stops', async () => {
    const repeat = start({})
    await vi.advanceTimersByTimeAsync(150)
    repeat.stop()
    await vi.advanceTimersByTimeAsync(1000)
    expect(sent).toHaveLength(2)
    expect(ends).toEqual([])
  })

  it('ends with the error of a send', async () => {
    const error = new AppError('NOT_OPEN', 'closed')
    const repeat = start({ total: 1 }, () => Promise.reject(error))
    await vi.advanceTimersByTimeAsync(500)
    expect(ends).toEqual([error])
    expect(repeat.state.sent).toBe(0)
  })

  it('leaves out beats while the socket is backed up', async () => {
    start({})
    backedUp = true
    await vi.advanceTimersByTimeAsync(250)
    backedUp = false
    await vi.advanceTimersByTimeAsync(100)
    expect(sent.map(({ at }) => at)).toEqual([0, 300])
  })

  it.each([
    ['text', '{{user}}', 'TEMPLATE_INVALID'],
    ['hex', 'a', 'PAYLOAD_INVALID'],
    ['base64', '!', 'PAYLOAD_INVALID'],
    ['text', '\ud800', 'PAYLOAD_INVALID'],
  ] as const)('refuses %s %j', (format, content, code) => {
    expect(() => start({ format, content })).toThrow(expect.objectContaining({ code }))
    expect(sent).toEqual([])
  })
})

describe('Repeat on a busy machine', () => {
  it('leaves out the beats it was late for and keeps to its rhythm', async () => {
    const times: number[] = []
    const begin = performance.now()
    let end = () => {}
    const ended = new Promise<void>((resolve) => (end = resolve))
    const repeat = new Repeat({
      plan: plan({ interval: 40, total: 3 }),
      send: async () => {
        times.push(performance.now() - begin)
        // Blocks the loop over the second and third beat.
        if (times.length === 1) while (performance.now() - begin < 100);
      },
      isBackedUp: () => false,
      onProgress: () => {},
      onEnd: end,
    })
    repeat.start()
    await ended
    expect(times[1]).toBeGreaterThanOrEqual(115)
    expect(times[2]).toBeGreaterThan(times[1] ?? Infinity)
  })
})
