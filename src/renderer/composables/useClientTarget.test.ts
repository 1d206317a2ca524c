import { describe, expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import { serverClient } from '../../../test/fakes/local-server'
import type { ClientPage } from './useClientList'
import { useClientTarget } from './useClientTarget'

const pageOf = (ids: number[], offset = 0, total = offset + ids.length): ClientPage => ({
  offset,
  total,
  clients: ids.map((id) => serverClient(id)),
})

const nobodyElse = () => Promise.resolve([])

describe('useClientTarget', () => {
  it('is everybody until somebody is selected', () => {
    const { selected, target } = useClientTarget(shallowRef(pageOf([1])), nobodyElse)
    expect(target.value).toBeNull()
    selected.value = [1]
    expect(target.value).toEqual([1])
  })

  it('drops who has gone, and keeps showing their traffic', async () => {
    const page = shallowRef(pageOf([1, 2]))
    const { selected, shown, target, addressOf } = useClientTarget(page, nobodyElse)
    selected.value = [1, 2]
    shown.value = 1
    await nextTick()
    page.value = pageOf([2])
    await nextTick()
    expect(target.value).toEqual([2])
    expect(shown.value).toBe(1)
    expect(addressOf(1)).toBe('127.0.0.1:50001')
  })

  it('keeps those who are only out of sight', async () => {
    const page = shallowRef(pageOf([1, 2, 3, 4], 0, 9))
    const { selected, target } = useClientTarget(page, nobodyElse)
    selected.value = [1, 4, 6, 9]
    // From the third on, of nine; 5 is gone, 6 is there.
    page.value = pageOf([3, 4, 6], 2, 8)
    await nextTick()
    expect(target.value).toEqual([1, 4, 6, 9])
    page.value = pageOf([3, 4, 7], 2, 8)
    await nextTick()
    expect(target.value).toEqual([1, 4, 9])
  })

  it('drops those beyond the ends of the list', async () => {
    const page = shallowRef(pageOf([3, 4]))
    const { selected, target } = useClientTarget(page, nobodyElse)
    selected.value = [1, 3, 9]
    page.value = pageOf([3, 4])
    await nextTick()
    expect(target.value).toEqual([3])
    page.value = pageOf([])
    await nextTick()
    expect(target.value).toBeNull()
  })

  it('asks who is there when more are selected out of sight than there can be', async () => {
    const page = shallowRef(pageOf([5, 6], 4, 8))
    const { selected, target } = useClientTarget(page, () => Promise.resolve([2, 4, 6, 8]))
    selected.value = [1, 2, 3, 4, 5, 6, 7, 8]
    page.value = pageOf([6], 2, 4)
    await nextTick()
    await Promise.resolve()
    expect(target.value).toEqual([2, 4, 6, 8])
  })
})
