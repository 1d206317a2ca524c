import type { Captures } from '../engine/captures/captures'
import type { ExchangeFiles } from '../engine/export/exchange-files'
import type { FrameViews } from '../engine/frame-view/frame-views'
import { importCapture } from '../engine/captures/import-capture'
import type { EventHub } from '../event-hub'
import type { FrameLogs } from '../frame-logs'
import type { HandlersOf } from './handlers-of'
import type { RunningTasks } from './running-tasks'

export interface CaptureParts {
  readonly captures: Captures
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly files: ExchangeFiles
  readonly hub: EventHub
  readonly tasks: RunningTasks
}

export function captureHandlers(parts: CaptureParts): HandlersOf<'captures'> {
  const { captures, logs, views, files, hub, tasks } = parts

  /** What is on screen of it goes first. */
  function letGo(captureId: string) {
    views.closeOfLog(captureId)
    logs.forget(captureId)
  }

  return {
    'captures.list': () => captures.list(),
    'captures.save': ({ logId, name }) => captures.save(logId, name),
    async 'captures.open'({ captureId }) {
      const { id } = await logs.openCapture(captureId)
      return { logId: id }
    },
    async 'captures.close'({ captureId }) {
      letGo(captureId)
      await captures.close(captureId)
    },
    'captures.rename': ({ captureId, name }) => captures.rename(captureId, name),
    async 'captures.delete'({ captureId }) {
      await captures.delete(captureId)
      letGo(captureId)
    },
    'captures.restore': ({ captureId }) => captures.restore(captureId),
    'captures.import': ({ fileId, attachments = [] }, { clientId }) =>
      tasks.run(clientId, fileId, async (signal) => {
        const sources = await Promise.all(
          [fileId, ...attachments].map((id) => files.source(clientId, id)),
        )
        const onProgress = (rows: number) =>
          hub.emit('captures.importProgress', { fileId, rows }, clientId)
        return importCapture(captures, sources, { signal, onProgress })
      }),
    'captures.cancelImport': ({ fileId }, { clientId }) => tasks.cancel(clientId, fileId),
  }
}
