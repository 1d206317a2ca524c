import { onScopeDispose, ref, shallowRef } from 'vue'
import type { EventPayload } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { ExportFormat, ExportScope, Redaction } from '@shared/model/export'
import { engine } from '../api/engine'
import { useDownload } from './useDownload'

export interface RowExport {
  readonly viewId: string
  readonly scope: ExportScope
  readonly format: ExportFormat
  readonly redaction: Redaction
}

type Progress = EventPayload<'exports.progress'>

/** Writes rows of a view into a file, one export at a time. */
export function useRowExport() {
  const download = useDownload()
  /** What was written so far; `null` while nothing is being exported. */
  const progress = shallowRef<Omit<Progress, 'exportId'> | null>(null)
  /** Why the last export failed, in words. */
  const failure = ref('')
  let exportId: string | null = null
  let controller = new AbortController()

  onScopeDispose(
    engine.on('exports.progress', ({ exportId: told, ...written }) => {
      if (told === exportId) progress.value = written
    }),
  )
  onScopeDispose(cancel)

  /** @returns whether there is a file now. */
  async function start(what: RowExport): Promise<boolean> {
    if (exportId !== null) return false
    exportId = crypto.randomUUID()
    controller = new AbortController()
    const { signal } = controller
    failure.value = ''
    progress.value = { rows: 0, total: null, bytes: 0 }
    try {
      const saved = await engine.call('frames.export', { exportId, ...what })
      return await download.finish(saved, signal)
    } catch (error) {
      if (!signal.aborted) failure.value = error instanceof AppError ? error.message : String(error)
      return false
    } finally {
      exportId = null
      progress.value = null
    }
  }

  function cancel() {
    if (exportId === null) return
    // The file may be written already and on its way here.
    controller.abort()
    void engine.call('exports.cancel', { exportId }).catch(() => undefined)
  }

  return { progress, failure, start, cancel }
}
