import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { emptyDraft } from '@shared/model/connection'
import { must } from '../../../test/fakes/must'
import { useSessionDraft } from './useSessionDraft'

beforeEach(() => window.sessionStorage.clear())
afterEach(() => vi.restoreAllMocks())

function open() {
  const scope = effectScope()
  return { scope, ...must(scope.run(() => useSessionDraft('key'))) }
}

describe('useSessionDraft', () => {
  it('comes back after the page was left', () => {
    const first = open()
    first.draft.value = { ...first.draft.value, text: 'a\r\nb' }
    window.dispatchEvent(new Event('pagehide'))
    expect(open().draft.value.text).toBe('a\r\nb')
  })

  it.each(['', 'null', '{"format":"yaml"}', '{'])('starts empty instead of with %j', (kept) => {
    window.sessionStorage.setItem('key', kept)
    expect(open().draft.value).toEqual(emptyDraft())
  })

  it('forgets an old draft rather than bring it back in place of one too long to keep', () => {
    const removeItem = vi.fn()
    const full = new Proxy(window.sessionStorage, {
      get(storage, name) {
        if (name === 'removeItem') return removeItem
        if (name !== 'setItem') return Reflect.get(storage, name) as unknown
        return () => {
          throw new DOMException('full', 'QuotaExceededError')
        }
      },
    })
    const { draft, scope } = open()
    vi.spyOn(window, 'sessionStorage', 'get').mockReturnValue(full)
    draft.value = { ...draft.value, text: 'new' }
    scope.stop()
    expect(removeItem).toHaveBeenCalledWith('key')
  })
})
