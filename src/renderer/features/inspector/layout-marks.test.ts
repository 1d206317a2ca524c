import fc from 'fast-check'
import { expect, it } from 'vitest'
import { layoutJson } from './json-layout'
import { marksInLayout } from './layout-marks'

function marked(text: string, ...parts: readonly string[]) {
  const ranges = parts.map((part) => ({
    start: text.indexOf(part),
    end: text.indexOf(part) + part.length,
  }))
  const laidOut = layoutJson(text).text
  return marksInLayout(text, laidOut, ranges).map(({ start, end }) => laidOut.slice(start, end))
}

it('finds the parts again, whatever white space is between', () => {
  expect(marked('{"a":1,"b c":[ 2 , {"d":"\\" }"}]}', '"a":1,"b', '2 ,', '\\" }"')).toEqual([
    '"a": 1,\n  "b',
    '2,',
    '\\" }"',
  ])
  expect(marked('[ 1]', ' ')).toEqual([])
})

it('keeps what is no white space of any part of any JSON', () => {
  const bare = (text: string) => text.replaceAll(/[ \n]/g, '')
  fc.assert(
    fc.property(fc.json(), fc.nat(40), fc.nat(10), (text, start, length) => {
      const range = { start, end: Math.min(text.length, start + length) }
      const laidOut = layoutJson(text).text
      const [mark] = marksInLayout(text, laidOut, [range])
      const part = text.slice(range.start, range.end)
      expect(bare(laidOut.slice(mark?.start ?? 0, mark?.end ?? 0))).toBe(bare(part))
    }),
  )
})
