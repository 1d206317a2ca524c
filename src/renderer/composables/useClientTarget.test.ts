import { describe, expect, it } from 'vitest'
import { nextTick, shallowRef } from 'vue'
import type { ServerClient } from '@shared/model/local-server'
import { serverClient } from '../../../test/fakes/local-server'
import { useClientTarget } from './useClientTarget'

describe('useClientTarget', () => {
  it('is everybody until somebody is selected', () => {
    const { selected, target } = useClientTarget(shallowRef([serverClient(1)]))
    expect(target.value).toBeNull()
    selected.value = [1]
    expect(target.value).toEqual([1])
  })

  it('drops who has gone, and keeps showing their traffic', async () => {
    const clients = shallowRef<readonly ServerClient[]>([serverClient(1), serverClient(2)])
    const { selected, shown, target } = useClientTarget(clients)
    selected.value = [1, 2]
    shown.value = 1
    clients.value = [serverClient(2)]
    await nextTick()
    expect(target.value).toEqual([2])
    expect(shown.value).toBe(1)
  })
})
