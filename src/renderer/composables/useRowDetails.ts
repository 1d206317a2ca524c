import { shallowRef } from 'vue'
import type { Row } from '@shared/model/frame'
import { engine } from '../api/engine'

/** Some rows of a log by their ids, for a list of them; those that are gone are missing. */
export function useRowDetails(logId: string) {
  const rows = shallowRef<ReadonlyMap<number, Row>>(new Map())

  async function load(rowIds: readonly number[]) {
    const known = rows.value
    const details = await Promise.all(
      rowIds.map(
        async (rowId) =>
          known.get(rowId) ??
          (await engine.call('frames.detail', { logId, rowId }).catch(() => null))?.row,
      ),
    )
    rows.value = new Map(details.flatMap((row) => (row ? [[row.id, row]] : [])))
  }

  return { rows, load }
}
