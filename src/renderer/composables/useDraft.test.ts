import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { emptyDraft } from '@shared/model/connection'
import type { FakeEngine } from '../../../test/fakes/fake-engine'
import { must } from '../../../test/fakes/must'
import { useDraft } from './useDraft'

const { engine } = await vi.hoisted(async () => {
  const { createFakeEngine } = await import('../../../test/fakes/fake-engine')
  return { engine: createFakeEngine() as FakeEngine }
})
vi.mock('../api/engine', () => ({ engine }))

beforeEach(() => {
  vi.useFakeTimers()
  engine.reset()
  engine.answers['connections.draft'] = () => ({ ...emptyDraft(), text: 'kept' })
  engine.answers['connections.setDraft'] = () => undefined
  setActivePinia(createPinia())
})
afterEach(() => vi.useRealTimers())

async function load() {
  const scope = effectScope()
  const { draft, ready } = must(scope.run(() => useDraft('c1')))
  await flushPromises()
  return { scope, draft, ready }
}

const saved = () => engine.inputs('connections.setDraft').map(({ draft }) => draft.text)

describe('useDraft', () => {
  it('loads what the engine kept and does not save it back', async () => {
    const { draft, ready } = await load()
    expect(ready.value).toBe(true)
    expect(draft.value.text).toBe('kept')
    vi.advanceTimersByTime(1000)
    expect(saved()).toEqual([])
  })

  it('saves once typing pauses', async () => {
    const { draft } = await load()
    for (const text of ['a', 'ab', 'abc']) {
      draft.value = { ...draft.value, text }
      vi.advanceTimersByTime(99)
    }
    expect(saved()).toEqual([])
    vi.advanceTimersByTime(1)
    expect(saved()).toEqual(['abc'])
  })

  it('saves at once when the page is left', async () => {
    const { draft } = await load()
    draft.value = { ...draft.value, text: 'typed just before the reload' }
    window.dispatchEvent(new Event('pagehide'))
    expect(saved()).toEqual(['typed just before the reload'])
    vi.advanceTimersByTime(1000)
    expect(saved()).toHaveLength(1)
  })

  it('saves at once when the tab is left', async () => {
    const { draft, scope } = await load()
    draft.value = { ...draft.value, text: 'switching tabs' }
    scope.stop()
    expect(saved()).toEqual(['switching tabs'])
  })

  it('is ready with an empty draft when none can be loaded', async () => {
    engine.answers['connections.draft'] = () => {
      throw new Error('gone')
    }
    const { draft, ready } = await load()
    expect(ready.value).toBe(true)
    expect(draft.value).toEqual(emptyDraft())
  })
})
