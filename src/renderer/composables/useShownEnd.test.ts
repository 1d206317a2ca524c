import { flushPromises } from '@vue/test-utils'
import { effectScope, shallowRef, type ComputedRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { everything, type FrameFilter } from '@shared/model/frame-filter'
import {
  createFakeFrameEngine,
  textRow,
  type FakeFrameEngine,
} from '../../../test/support/fake-frame-engine'

import { putEngine } from '../../../test/support/fake-engine-module'
import { useFrameWindow } from './useFrameWindow'
import { useShownEnd } from './useShownEnd'

vi.mock('../api/engine', () => import('../../../test/support/fake-engine-module'))

let engine: FakeFrameEngine
let scope: EffectScope
let end: ComputedRef<number>
const filter = shallowRef<FrameFilter>(everything())
const pausedAt = shallowRef<number | null>(null)

beforeEach(async () => {
  engine = putEngine(createFakeFrameEngine(Array.from({ length: 20 }, (_, id) => textRow(id))))
  filter.value = everything()
  pausedAt.value = null
  scope = effectScope()
  end = scope.run(() => useShownEnd(useFrameWindow('log', filter), pausedAt)) as ComputedRef<number>
  await flushPromises()
})
afterEach(() => scope.stop())

describe('useShownEnd', () => {
  it('goes with the view while it is live', () => {
    engine.append(textRow(20))
    expect(end.value).toBe(21)
  })

  it('stands still while paused and catches up afterwards', async () => {
    pausedAt.value = 20
    await flushPromises()
    engine.append(textRow(20), textRow(21))
    await flushPromises()
    expect(end.value).toBe(20)
    pausedAt.value = null
    await flushPromises()
    expect(end.value).toBe(22)
  })

  it('shows the rows of before the pause under a new filter too', async () => {
    pausedAt.value = 20
    await flushPromises()
    engine.append(...Array.from({ length: 100 }, (_, index) => textRow(index + 20)))
    filter.value = { ...everything(), query: 'message 1' }
    await flushPromises()
    // 1 and 10 to 19; 100 to 119 came later.
    expect(end.value).toBe(11)
  })

  it('never ends before what was evicted', async () => {
    pausedAt.value = 20
    await flushPromises()
    engine.append(...Array.from({ length: 100 }, (_, index) => textRow(index + 20)))
    engine.evictBefore(50)
    await flushPromises()
    expect(end.value).toBe(50)
  })
})
