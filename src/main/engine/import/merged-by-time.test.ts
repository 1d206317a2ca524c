import fc from 'fast-check'
import { expect, it } from 'vitest'
import { newRow } from '../../../../test/support/listed-rows'
import { mergedByTime } from './merged-by-time'

it('gives rows as taking the earliest next one again and again does', () => {
  const sources = fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 9 }), {
    maxLength: 9,
  })
  fc.assert(
    fc.property(sources, (times) => {
      const rows = times.map((list, session) => list.map((time) => newRow({ session, time })))
      const left = rows.map((list) => [...list])
      const expected = rows.flat().map(() => {
        const heads = left.flatMap((list) => list.slice(0, 1))
        const earliest = Math.min(...heads.map(({ time }) => time))
        return left.find((list) => list[0]?.time === earliest)?.shift()
      })
      expect([...mergedByTime(rows)]).toEqual(expected)
    }),
  )
})
