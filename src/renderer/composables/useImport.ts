import { onScopeDispose, ref, shallowRef } from 'vue'
import type { ImportResult } from '@shared/model/capture'
import { engine } from '../api/engine'
import { useCapturesStore } from '../stores/captures'
import { releaseFile, uploadFile } from './uploadFile'

/** Most files that one import takes along besides its own. */
export const mostAttachments = 10

/** How far an import has come. */
export interface ImportProgress {
  /** Bytes handed over, of all. */
  readonly done: number
  readonly size: number
  /** Rows read, once all is handed over. */
  readonly rows: number
}

/** Turns a file, with those it names, into a capture, one at a time. */
export function useImport() {
  const captures = useCapturesStore()
  /** `null` while nothing is on its way. */
  const progress = ref<ImportProgress | null>(null)
  const result = shallowRef<ImportResult | null>(null)
  /** What kept the file from being read, in words. */
  const failure = ref('')
  /** What is being read by the engine. */
  let readId: string | null = null
  let controller = new AbortController()

  onScopeDispose(
    engine.on('captures.importProgress', ({ fileId, rows }) => {
      if (fileId === readId && progress.value) progress.value = { ...progress.value, rows }
    }),
  )
  onScopeDispose(cancel)

  /** @returns whether it became a capture. */
  async function importFile(file: File, attached: readonly File[] = []): Promise<boolean> {
    if (progress.value) return false
    const files = [file, ...attached.slice(0, mostAttachments)]
    const size = files.reduce((sum, each) => sum + each.size, 0)
    const fileIds: string[] = []
    let before = 0
    reset()
    controller = new AbortController()
    const { signal } = controller
    progress.value = { done: 0, size, rows: 0 }
    try {
      for (const each of files) {
        const onProgress = (done: number) =>
          (progress.value = { done: before + done, size, rows: 0 })
        fileIds.push(await uploadFile(each, { onProgress, signal }))
        before += each.size
      }
      signal.throwIfAborted()
      const [fileId = '', ...attachments] = fileIds
      readId = fileId
      result.value = await captures.importFile(fileId, attachments)
      return result.value !== null
    } catch (error) {
      if (!signal.aborted) failure.value = error instanceof Error ? error.message : String(error)
      return false
    } finally {
      fileIds.forEach(releaseFile)
      readId = null
      progress.value = null
    }
  }

  function cancel() {
    controller.abort()
    if (readId !== null)
      void engine.call('captures.cancelImport', { fileId: readId }).catch(() => undefined)
  }

  function reset() {
    result.value = null
    failure.value = ''
  }

  return { progress, result, failure, importFile, cancel, reset }
}
