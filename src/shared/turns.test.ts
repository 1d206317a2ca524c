import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTurns } from './turns'

it('runs one piece of work after the other, and gives each its own outcome', async () => {
  const inTurn = createTurns()
  const begun: string[] = []
  const slow = inTurn(async () => {
    begun.push('slow')
    await pause(20)
    begun.push('slow is over')
    return 1
  })
  const broken = inTurn(() => {
    begun.push('broken')
    return Promise.reject(new Error('no'))
  })
  const last = inTurn(() => Promise.resolve(begun.push('last')))
  await expect(broken).rejects.toThrow('no')
  expect(await slow).toBe(1)
  await last
  expect(begun).toEqual(['slow', 'slow is over', 'broken', 'last'])
})
