import type { ServerClient } from '@shared/model/local-server'
import { everything } from '@shared/model/frame-filter'
import { engine } from '../api/engine'

/** Rows around the moment a client came that are looked through, before and after it. */
const around = 50

/** @returns the id of the row with which a client opened, `null` when the log has it no more. */
export async function findHandshake(logId: string, client: ServerClient): Promise<number | null> {
  const { viewId } = await engine.call('frames.openView', { logId, filter: everything() })
  try {
    const { position } = await engine.call('frames.locateTime', { viewId, time: client.since })
    const page = await engine.call('frames.page', {
      viewId,
      start: Math.max(0, position - around),
      count: 2 * around,
    })
    const row = page.rows.find(({ session, kind }) => session === client.id && kind === 'open')
    return row?.id ?? null
  } finally {
    void engine.call('frames.closeView', { viewId }).catch(() => undefined)
  }
}
