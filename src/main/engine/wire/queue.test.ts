import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Queue } from './queue'

describe('Queue', () => {
  it('behaves like an array that is shifted', () => {
    const step = fc.oneof(fc.record({ push: fc.nat(3000) }), fc.record({ shift: fc.nat(3000) }))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 10 }), (steps) => {
        const queue = new Queue<number>()
        const model: number[] = []
        let next = 0
        for (const item of steps) {
          if ('push' in item)
            for (let count = 0; count < item.push; count++) {
              queue.push(next)
              model.push(next++)
            }
          else
            for (let count = 0; count < item.shift; count++)
              expect(queue.shift()).toBe(model.shift())
          expect(queue.length).toBe(model.length)
          expect(queue.peek()).toBe(model[0])
        }
      }),
      { numRuns: 30 },
    )
  })
})
