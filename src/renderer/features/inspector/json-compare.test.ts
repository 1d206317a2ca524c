import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareJson } from './json-compare'

const compare = (from: string, to: string) =>
  compareJson(from, to)?.changes.map(({ kind, path, from: old, to: now }) => [kind, path, old, now])

describe('compareJson', () => {
  it('finds what was added, removed and changed, by path', () => {
    expect(compare('{"a":1,"b":{"c":[1,2]},"x":0}', '{"b":{"c":[1,3]},"a":1,"y z":true}')).toEqual([
      ['changed', '$.b.c[1]', '2', '3'],
      ['added', '$["y z"]', null, 'true'],
      ['removed', '$.x', '0', null],
    ])
  })

  it('takes no notice of the order of keys, white space and escapes', () => {
    expect(compare('{"a":"\\u0041","b":[ ]}', '{ "b" : [], "a" : "A" }')).toEqual([])
  })

  it('does not round numbers', () => {
    expect(compare('[12345678901234567890]', '[12345678901234567891]')).toEqual([
      ['changed', '$[0]', '12345678901234567890', '12345678901234567891'],
    ])
  })

  it('recognises elements that moved because others came or went', () => {
    expect(compare('[[1],[2],[3],[4]]', '[[0],[1],[2],[4]]')).toEqual([
      ['added', '$[0]', null, '[0]'],
      ['removed', '$[2]', '[3]', null],
    ])
  })

  it('compares keys that occur twice one after the other', () => {
    expect(compare('{"a":1,"a":2}', '{"a":1,"a":3,"a":4}')).toEqual([
      ['changed', '$.a', '2', '3'],
      ['added', '$.a', null, '4'],
    ])
  })

  it('knows keys that objects have by themselves from keys that were written', () => {
    expect(compare('{}', '{"__proto__":1,"constructor":2}')).toEqual([
      ['added', '$.__proto__', null, '1'],
      ['added', '$.constructor', null, '2'],
    ])
  })

  it('counts the values that are the same', () => {
    expect(compareJson('{"a":[1,2,3],"b":4}', '{"a":[1,2,3],"b":5}')).toMatchObject({
      same: 3,
      total: 1,
    })
  })

  it('gives up on what is no JSON, or nested too deeply', () => {
    expect(compareJson('{"a":1', '{}')).toBeNull()
    const deep = '['.repeat(200_000) + ']'.repeat(200_000)
    expect(compareJson(deep, `${deep} `)).toBeNull()
  })

  it('finds no change exactly where there is none', () => {
    // As a number that is written differently is a different number here, -0 is left out.
    const value = fc.jsonValue().map((any) => JSON.stringify(any).replaceAll('-0', '0'))
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(compareJson(one, one)?.total).toBe(0)
        const equal =
          JSON.stringify(sorted(JSON.parse(one))) === JSON.stringify(sorted(JSON.parse(other)))
        expect(compareJson(one, other)?.total === 0).toBe(equal)
      }),
    )
  })
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  // In an object of its own, so that {} stays apart from [].
  return { members: members.map(([key, item]) => [key, sorted(item)]) }
}
