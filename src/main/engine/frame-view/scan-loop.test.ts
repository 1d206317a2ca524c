import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { ScanLoop, scanSlice } from './scan-loop'

function busyUntil(time: number): void {
  while (performance.now() < time);
}

describe('ScanLoop', () => {
  it('runs a task in turns until it is done', async () => {
    const loop = new ScanLoop()
    let turns = 0
    loop.start(() => {
      turns += 1
      return turns < 3
    })
    expect(turns).toBe(0)
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
    expect(turns).toBe(3)
  })

  it('lets long tasks take turns', async () => {
    const loop = new ScanLoop()
    const order: string[] = []
    const task = (name: string) => (deadline: number) => {
      order.push(name)
      busyUntil(deadline)
      return true
    }
    const first = task('first')
    const second = task('second')
    loop.start(first)
    loop.start(second)
    while (order.length < 4) await setImmediate()
    loop.cancel(first)
    loop.cancel(second)
    expect(order.slice(0, 4)).toEqual(['first', 'second', 'first', 'second'])
  })

  it('gives every task the same deadline of its turn', async () => {
    const loop = new ScanLoop()
    const deadlines: number[] = []
    const started = performance.now()
    for (let count = 0; count < 3; count += 1) {
      loop.start((deadline) => {
        deadlines.push(deadline)
        return false
      })
    }
    await setImmediate()
    await setImmediate()
    expect(new Set(deadlines).size).toBe(1)
    expect(deadlines[0]).toBeGreaterThanOrEqual(started + scanSlice)
  })

  it('does not run a cancelled task', async () => {
    const loop = new ScanLoop()
    let ran = false
    const task = () => (ran = true)
    loop.start(task)
    loop.cancel(task)
    await setImmediate()
    await setImmediate()
    expect(ran).toBe(false)
  })
})
