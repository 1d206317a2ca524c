import { ref, shallowRef } from 'vue'
import type { ImportResult } from '@shared/model/capture'
import { useCapturesStore } from '../stores/captures'
import { releaseFile, uploadFile } from './uploadFile'

/** Turns a file into a capture, one at a time. */
export function useImport() {
  const captures = useCapturesStore()
  /** Bytes handed over, of all; `null` while nothing is on its way. */
  const progress = ref<{ readonly done: number; readonly size: number } | null>(null)
  const result = shallowRef<ImportResult | null>(null)
  /** What kept the file from being read, in words. */
  const failure = ref('')

  /** @returns whether it became a capture. */
  async function importFile(file: File): Promise<boolean> {
    if (progress.value) return false
    result.value = null
    failure.value = ''
    progress.value = { done: 0, size: file.size }
    try {
      const fileId = await uploadFile(file, (done) => (progress.value = { done, size: file.size }))
      try {
        result.value = await captures.importFile(fileId)
      } finally {
        releaseFile(fileId)
      }
      return true
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error)
      return false
    } finally {
      progress.value = null
    }
  }

  function reset() {
    result.value = null
    failure.value = ''
  }

  return { progress, result, failure, importFile, reset }
}
