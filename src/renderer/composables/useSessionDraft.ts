import { onScopeDispose, shallowRef, watch } from 'vue'
import * as v from 'valibot'
import { Draft, emptyDraft } from '@shared/model/connection'

const saveDelay = 100

/** A draft that belongs to no connection: it outlives a reload of the page, not the window. */
export function useSessionDraft(key: string) {
  const draft = shallowRef<Draft>(read(key))
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(
    draft,
    () => {
      clearTimeout(timer)
      timer = setTimeout(flush, saveDelay)
    },
    { flush: 'sync' },
  )

  function flush() {
    if (timer === undefined) return
    clearTimeout(timer)
    timer = undefined
    try {
      window.sessionStorage.setItem(key, JSON.stringify(draft.value))
    } catch {
      // Longer than the browser keeps: better an old draft gone than one that is wrong.
      window.sessionStorage.removeItem(key)
    }
  }

  window.addEventListener('pagehide', flush)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', flush)
    flush()
  })

  return { draft }
}

function read(key: string): Draft {
  try {
    const parsed = v.safeParse(Draft, JSON.parse(window.sessionStorage.getItem(key) ?? 'null'))
    return parsed.success ? parsed.output : emptyDraft()
  } catch {
    return emptyDraft()
  }
}
