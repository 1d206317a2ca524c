import type { ExchangeFiles } from '../engine/export/exchange-files'
import { exportName } from '../engine/export/export-name'
import { allOf, atPositions, upTo } from '../engine/export/export-rows'
import { copyRows, exportPayload } from '../engine/export/frame-export'
import { saveTo } from '../engine/export/save-to'
import { exportExtension, startExport } from '../engine/export/start-export'
import { requireRow } from '../engine/frame-log/require-row'
import type { FrameView } from '../engine/frame-view/frame-view'
import type { FrameViews } from '../engine/frame-view/frame-views'
import type { EventHub } from '../event-hub'
import type { FrameLogs } from '../frame-logs'
import type { Host } from '../host'
import type { HandlersOf } from './handlers-of'
import { payloadExtension } from './payload-extension'
import type { RunningTasks } from './running-tasks'

export interface ExportParts {
  readonly host: Host
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly files: ExchangeFiles
  readonly hub: EventHub
  readonly tasks: RunningTasks
  /** What a log is of, for names of files. */
  readonly nameOf: (logId: string) => string
}

type ExportHandlers = HandlersOf<'exports'> &
  Pick<HandlersOf<'frames'>, 'frames.copy' | 'frames.export' | 'frames.savePayload'>

/** Most rows that are handed over for the clipboard. */
const mostCopied = 10_000

export function exportHandlers(parts: ExportParts): ExportHandlers {
  const { host, logs, views, files, hub, tasks, nameOf } = parts

  const suggestedName = (title: string, extension: string) =>
    exportName(`framescope-${title}`, extension)

  return {
    async 'frames.copy'({ viewId, ranges }, { clientId }) {
      const view = views.find(viewId, clientId)
      const rows = atPositions(positionsOf(view), ranges)
      const count = Math.min(rows.count, mostCopied)
      return { text: await copyRows(view.log, { count, idAt: (index) => rows.idAt(index) }) }
    },
    'frames.export'({ exportId, viewId, scope, format, redaction }, { clientId }) {
      const view = views.find(viewId, clientId)
      const { log } = view
      const rows =
        scope.rows === 'all'
          ? allOf(log)
          : scope.rows === 'view'
            ? upTo(positionsOf(view), scope.until)
            : atPositions(positionsOf(view), scope.ranges)
      return tasks.run(clientId, exportId, async (signal) => {
        const onProgress = (progress: { rows: number; total: number; bytes: number }) =>
          hub.emit('exports.progress', { exportId, ...progress }, clientId)
        const chunks = startExport({ log, rows, format, redaction, signal, onProgress })
        const extension = await exportExtension(format, log, rows)
        const name = suggestedName(nameOf(log.id), extension)
        return saveTo({ host, files, clientId, suggestedName: name, chunks, signal })
      })
    },
    'exports.cancel': ({ exportId }, { clientId }) => tasks.cancel(clientId, exportId),
    async 'frames.savePayload'({ logId, rowId }, { clientId }) {
      const log = logs.require(logId)
      const row = requireRow(log, rowId)
      const extension = await payloadExtension(row, () => log.payload(rowId))
      return saveTo({
        host,
        files,
        clientId,
        suggestedName: suggestedName(`${nameOf(logId)}-${row.kind}-${rowId}`, extension),
        chunks: exportPayload(log, rowId),
      })
    },
  }
}

function positionsOf(view: FrameView) {
  const { total } = view.state()
  return { count: total, idAt: (position: number) => view.idAt(position) }
}
