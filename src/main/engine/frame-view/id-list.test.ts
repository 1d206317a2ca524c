import { describe, expect, it } from 'vitest'
import { IdList } from './id-list'

function multiplesOf(step: number, count: number): IdList {
  const list = new IdList()
  for (let index = 0; index < count; index += 1) list.push(index * step)
  return list
}

describe('IdList', () => {
  it('keeps ids by position over many chunks', () => {
    const list = multiplesOf(3, 10_000)
    expect(list.length).toBe(10_000)
    for (const position of [0, 4095, 4096, 9999]) expect(list.at(position)).toBe(position * 3)
    expect(list.at(10_000)).toBeUndefined()
    expect(list.at(-1)).toBeUndefined()
  })

  it('finds the first id not below another', () => {
    const list = multiplesOf(3, 10_000)
    expect(list.lowerBound(0)).toBe(0)
    expect(list.lowerBound(1)).toBe(1)
    expect(list.lowerBound(3 * 4096)).toBe(4096)
    expect(list.lowerBound(30_000)).toBe(10_000)
    expect(new IdList().lowerBound(5)).toBe(0)
  })

  it('keeps positions when it forgets', () => {
    const list = multiplesOf(3, 10_000)
    list.forgetBefore(5000)
    expect(list.length).toBe(10_000)
    expect(list.at(4095)).toBeUndefined()
    expect(list.at(4096)).toBe(3 * 4096)
    expect(list.lowerBound(0)).toBe(4096)
    expect(list.lowerBound(3 * 5000)).toBe(5000)
  })

  it('goes on after everything was forgotten', () => {
    const list = multiplesOf(1, 8192)
    list.forgetBefore(8192)
    expect(list.lowerBound(0)).toBe(8192)
    list.push(9000)
    expect(list.at(8192)).toBe(9000)
    expect(list.lowerBound(8999)).toBe(8192)
  })

  it('holds ids beyond 32 bits, also far apart', () => {
    const list = new IdList()
    list.push(7)
    list.push(2 ** 40)
    list.pushAll(2 ** 41, new Uint32Array([0, 2 ** 32 - 1]))
    expect([0, 1, 2, 3].map((position) => list.at(position))).toEqual([
      7,
      2 ** 40,
      2 ** 41,
      2 ** 41 + 2 ** 32 - 1,
    ])
    expect(list.lowerBound(2 ** 41 + 1)).toBe(3)
  })
})
