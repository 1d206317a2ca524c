import { AppError } from '@shared/errors'
import type { ExchangeFiles } from '../engine/export/exchange-files'
import { exportName } from '../engine/export/export-name'
import { copyRows, exportPayload, exportRows } from '../engine/export/frame-export'
import { saveTo } from '../engine/export/save-to'
import { requireRow, rowEvicted } from '../engine/frame-log/require-row'
import type { FrameViews } from '../engine/frame-view/frame-views'
import type { FrameLogs } from '../frame-logs'
import type { Host } from '../host'
import type { HandlersOf } from './handlers-of'
import { ownBytes } from './own-bytes'
import { payloadExtension } from './payload-extension'

export interface FrameParts {
  readonly host: Host
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly files: ExchangeFiles
  /** What the endpoint of a log is called, for names of files. */
  readonly nameOf: (logId: string) => string
}

export function frameHandlers(parts: FrameParts): HandlersOf<'frames'> {
  const { host, logs, views, files, nameOf } = parts

  function requireLog(logId: string) {
    const log = logs.find(logId)
    if (log) return log
    throw new AppError('NOT_FOUND', 'The traffic does not exist any more.')
  }

  function save(
    clientId: string,
    title: string,
    extension: string,
    chunks: AsyncIterable<Uint8Array>,
  ) {
    const suggestedName = exportName(`framescope-${title}`, extension)
    return saveTo({ host, files, clientId, suggestedName, chunks })
  }

  return {
    'frames.openView': ({ logId, filter }, { clientId }) => views.open(logId, filter, clientId),
    'frames.setFilter': ({ viewId, filter }, { clientId }) =>
      views.setFilter(viewId, filter, clientId),
    'frames.closeView': ({ viewId }, { clientId }) => views.close(viewId, clientId),
    'frames.page': ({ viewId, start, count }, { clientId }) =>
      views.find(viewId, clientId).page(start, count),
    'frames.locate': ({ viewId, rowId }, { clientId }) =>
      views.find(viewId, clientId).locate(rowId),
    'frames.detail'({ logId, rowId }) {
      const log = requireLog(logId)
      const row = requireRow(log, rowId)
      return { row, header: log.header(rowId) ?? null, peer: log.peer(row.session) }
    },
    'frames.payload'({ logId, rowId, offset, length }) {
      const log = requireLog(logId)
      const { size } = requireRow(log, rowId)
      const bytes = log.payload(rowId, offset, length)
      if (!bytes) throw rowEvicted(rowId)
      return { bytes: ownBytes(bytes), size }
    },
    async 'frames.copy'({ viewId, rowIds }, { clientId }) {
      return { text: await copyRows(views.find(viewId, clientId).log, rowIds) }
    },
    'frames.export'({ viewId, rowIds }, { clientId }) {
      const { log, filter } = views.find(viewId, clientId)
      const chunks = exportRows(log, rowIds ? { rowIds } : { filter })
      return save(clientId, nameOf(log.id), 'jsonl', chunks)
    },
    'frames.savePayload'({ logId, rowId }, { clientId }) {
      const log = requireLog(logId)
      const row = requireRow(log, rowId)
      const title = `${nameOf(logId)}-${row.kind}-${rowId}`
      const extension = payloadExtension(row, () => log.payload(rowId))
      return save(clientId, title, extension, exportPayload(log, rowId))
    },
  }
}
