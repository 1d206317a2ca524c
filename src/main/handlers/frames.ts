import { PackedFrames } from '@shared/model/packed-frames'
import type { FrameLog } from '../engine/frame-log/frame-log'
import { requireRow, rowEvicted } from '../engine/frame-log/require-row'
import type { FrameViews } from '../engine/frame-view/frame-views'
import type { EventHub } from '../event-hub'
import type { FrameLogs } from '../frame-logs'
import type { HandlersOf } from './handlers-of'
import { ownBytes } from './own-bytes'

export interface FrameParts {
  readonly logs: FrameLogs
  readonly views: FrameViews
  readonly hub: EventHub
}

/** What is written into files and copied has handlers of its own. */
type ShownFrames = Omit<
  HandlersOf<'frames'>,
  'frames.copy' | 'frames.export' | 'frames.savePayload'
>

export function frameHandlers({ logs, views, hub }: FrameParts): ShownFrames {
  return {
    'frames.openView': ({ logId, filter }, { clientId }) => views.open(logId, filter, clientId),
    'frames.setFilter': ({ viewId, filter }, { clientId }) =>
      views.setFilter(viewId, filter, clientId),
    'frames.closeView': ({ viewId }, { clientId }) => views.close(viewId, clientId),
    'frames.page': ({ viewId, start, count }, { clientId }) =>
      views.find(viewId, clientId).page(start, count),
    'frames.locate': ({ viewId, rowId }, { clientId }) =>
      views.find(viewId, clientId).locate(rowId),
    'frames.setFind': ({ viewId, query }, { clientId }) => views.setFind(viewId, query, clientId),
    'frames.findNext': ({ viewId, position, backwards }, { clientId }) =>
      views.find(viewId, clientId).findNext(position, backwards),
    'frames.found': ({ viewId, start, count }, { clientId }) =>
      views.find(viewId, clientId).found(start, count),
    'frames.locateTime': ({ viewId, time }, { clientId }) =>
      views.find(viewId, clientId).locateTime(time),
    'frames.statistics': ({ viewId, ranges }, { clientId }) =>
      views.find(viewId, clientId).statistics(ranges),
    'frames.timeline': ({ viewId, period, parts: count }, { clientId }) =>
      views.find(viewId, clientId).timeline(period, count),
    'frames.bookmark'({ logId, rowId, note }) {
      const log = logs.require(logId)
      requireRow(log, rowId)
      log.setBookmark(rowId, note)
      hub.emit('frames.bookmarksChanged', { logId, bookmarks: bookmarksOf(log) })
    },
    'frames.bookmarks': ({ logId }) => bookmarksOf(logs.require(logId)),
    'frames.logState': ({ logId }) => logs.stateOf(logs.require(logId)),
    async 'frames.detail'({ logId, rowId }) {
      const log = logs.require(logId)
      requireRow(log, rowId)
      const parts = await log.parts(rowId)
      if (!parts) throw rowEvicted(rowId)
      const { row, frames, raw } = parts
      return {
        row,
        session: log.session(row.session),
        frames: ownBytes(PackedFrames.from(frames).bytes),
        raw: raw && ownBytes(raw),
      }
    },
    async 'frames.payload'({ logId, rowId, offset, length }) {
      const log = logs.require(logId)
      const { size } = requireRow(log, rowId)
      const bytes = await log.payload(rowId, offset, length)
      if (!bytes) throw rowEvicted(rowId)
      return { bytes: ownBytes(bytes), size }
    },
  }
}

function bookmarksOf(log: FrameLog) {
  return [...log.bookmarks]
    .map(([rowId, note]) => ({ rowId, note }))
    .sort((a, b) => a.rowId - b.rowId)
}
