import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import type { Capture, ImportResult } from '@shared/model/capture'
import { engine } from '../api/engine'
import { useToastsStore } from './toasts'

/** A capture somebody reads: its log is only read, never appended to. */
export interface OpenCapture {
  readonly captureId: string
  readonly logId: string
}

/** Where this window remembers its open captures over a reload. */
const openKey = 'openCaptures'

/** A mirror of the captures, and which of them are open in this window. */
export const useCapturesStore = defineStore('captures', () => {
  const toasts = useToastsStore()
  const captures = shallowRef<readonly Capture[]>([])
  const open = shallowRef<readonly OpenCapture[]>([])
  /** The open capture on screen; `null` shows the list of all. */
  const activeId = ref<string | null>(null)

  const active = computed(() => {
    const opened = open.value.find(({ captureId }) => captureId === activeId.value)
    const capture = find(activeId.value)
    return opened && capture ? { ...opened, capture } : null
  })
  const unsaved = computed(() => captures.value.filter(({ kind }) => kind === 'left'))

  engine.on('captures.changed', (changed) => put(changed))

  async function load() {
    put(await engine.call('captures.list', {}))
    const remembered = rememberedIds()
    await Promise.all(
      remembered.filter((captureId) => find(captureId)).map((captureId) => attach(captureId)),
    ).catch(toasts.showError)
  }

  function find(captureId: string | null): Capture | undefined {
    return captures.value.find((capture) => capture.id === captureId)
  }

  function put(changed: readonly Capture[]) {
    captures.value = changed
    for (const { captureId } of open.value) if (!find(captureId)) forget(captureId)
  }

  async function attach(captureId: string) {
    const { logId } = await engine.call('captures.open', { captureId })
    const known = open.value.some((opened) => opened.captureId === captureId)
    open.value = known
      ? open.value.map((opened) => (opened.captureId === captureId ? { captureId, logId } : opened))
      : [...open.value, { captureId, logId }]
    remember()
  }

  function forget(captureId: string) {
    const index = open.value.findIndex((opened) => opened.captureId === captureId)
    open.value = open.value.filter((opened) => opened.captureId !== captureId)
    if (activeId.value === captureId)
      activeId.value = open.value[Math.min(index, open.value.length - 1)]?.captureId ?? null
    remember()
  }

  function remember() {
    const ids = open.value.map(({ captureId }) => captureId)
    window.sessionStorage.setItem(openKey, JSON.stringify(ids))
  }

  /** Opens a capture and shows it. */
  async function show(captureId: string) {
    if (!open.value.some((opened) => opened.captureId === captureId)) await attach(captureId)
    activeId.value = captureId
  }

  async function close(captureId: string) {
    forget(captureId)
    await engine.call('captures.close', { captureId })
  }

  /** Keeps what a log holds now; the log goes on. */
  async function save(logId: string, name: string): Promise<Capture> {
    return engine.call('captures.save', { logId, name })
  }

  /** Also turns an unsaved capture into a saved one. */
  async function rename(captureId: string, name: string) {
    await engine.call('captures.rename', { captureId, name })
  }

  async function remove(captureId: string) {
    const name = find(captureId)?.name ?? ''
    await engine.call('captures.delete', { captureId })
    toasts.show(`Capture “${name}” deleted`, {
      action: 'Undo',
      run: () => void restore([captureId]),
    })
  }

  async function removeUnsaved() {
    const ids = unsaved.value.map(({ id }) => id)
    for (const captureId of ids) await engine.call('captures.delete', { captureId })
    toasts.show(ids.length === 1 ? '1 capture deleted' : `${ids.length} captures deleted`, {
      action: 'Undo',
      run: () => void restore(ids),
    })
  }

  async function restore(captureIds: readonly string[]) {
    for (const captureId of captureIds)
      await engine.call('captures.restore', { captureId }).catch(toasts.showError)
  }

  /** Reads a file that was handed to the engine before, with those it names; `null` when cancelled. */
  async function importFile(fileId: string, attachments: string[]): Promise<ImportResult | null> {
    const result = await engine.call('captures.import', { fileId, attachments })
    // The event that tells of it may come after the answer.
    if (result && !find(result.capture.id)) put([...captures.value, result.capture])
    return result
  }

  return {
    captures,
    open,
    activeId,
    active,
    unsaved,
    load,
    find,
    show,
    close,
    save,
    rename,
    remove,
    removeUnsaved,
    importFile,
  }
})

function rememberedIds(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(window.sessionStorage.getItem(openKey) ?? '[]')
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}
