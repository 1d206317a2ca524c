import { defineStore } from 'pinia'
import { ref } from 'vue'
import { AppError } from '@shared/errors'

const lifetime = 8_000

/** A short fact with at most one action, such as Undo. */
export interface Toast {
  readonly id: number
  readonly text: string
  readonly level: 'info' | 'error'
  readonly action?: string
}

/** Short facts at the foot of the window, and what their one action does. */
export const useToastsStore = defineStore('toasts', () => {
  const toasts = ref<Toast[]>([])
  const actions = new Map<number, () => void>()
  let nextId = 1

  function show(
    text: string,
    options: { action?: string; run?: () => void; level?: Toast['level'] } = {},
  ) {
    const id = nextId++
    const { action, run, level = 'info' } = options
    toasts.value.push(action === undefined ? { id, text, level } : { id, text, level, action })
    if (run) actions.set(id, run)
    setTimeout(() => dismiss(id), lifetime)
  }

  /** Shows what went wrong, in the engine's own words where there are any. */
  function showError(error: unknown) {
    show(error instanceof AppError ? error.message : String(error), { level: 'error' })
  }

  function act(id: number) {
    actions.get(id)?.()
    dismiss(id)
  }

  function dismiss(id: number) {
    actions.delete(id)
    toasts.value = toasts.value.filter((toast) => toast.id !== id)
  }

  return { toasts, show, showError, act, dismiss }
})
