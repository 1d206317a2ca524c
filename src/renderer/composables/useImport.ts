import { ref, shallowRef } from 'vue'
import type { ImportResult } from '@shared/model/capture'
import { useCapturesStore } from '../stores/captures'
import { releaseFile, uploadFile } from './uploadFile'

/** Most files that one import takes along besides its own. */
export const mostAttachments = 10

/** Turns a file, with those it names, into a capture, one at a time. */
export function useImport() {
  const captures = useCapturesStore()
  /** Bytes handed over, of all; `null` while nothing is on its way. */
  const progress = ref<{ readonly done: number; readonly size: number } | null>(null)
  const result = shallowRef<ImportResult | null>(null)
  /** What kept the file from being read, in words. */
  const failure = ref('')

  /** @returns whether it became a capture. */
  async function importFile(file: File, attached: readonly File[] = []): Promise<boolean> {
    if (progress.value) return false
    const files = [file, ...attached.slice(0, mostAttachments)]
    const size = files.reduce((sum, each) => sum + each.size, 0)
    const fileIds: string[] = []
    let before = 0
    reset()
    progress.value = { done: 0, size }
    try {
      for (const each of files) {
        fileIds.push(
          await uploadFile(each, (done) => (progress.value = { done: before + done, size })),
        )
        before += each.size
      }
      const [fileId = '', ...attachments] = fileIds
      result.value = await captures.importFile(fileId, attachments)
      return true
    } catch (error) {
      failure.value = error instanceof Error ? error.message : String(error)
      return false
    } finally {
      fileIds.forEach(releaseFile)
      progress.value = null
    }
  }

  function reset() {
    result.value = null
    failure.value = ''
  }

  return { progress, result, failure, importFile, reset }
}
