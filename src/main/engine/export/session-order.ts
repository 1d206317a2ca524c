import type { ExportRows, ExportSource } from './export-rows'
import type { Pace } from '../pace'

/**
 * The same rows, those of one session one after the other; sessions in the order of their first rows.
 * Holds four bytes per row when there are several sessions, nothing when there is one.
 */
export async function bySession(
  log: ExportSource,
  rows: ExportRows,
  pace: Pace,
): Promise<ExportRows> {
  const counts = new Map<number, number>()
  for (let index = 0; index < rows.count; index += 1) {
    const session = sessionOf(log, rows, index)
    if (session !== undefined) counts.set(session, (counts.get(session) ?? 0) + 1)
    if (pace.due) await pace.rest()
  }
  if (counts.size <= 1) return rows
  const next = new Map<number, number>()
  const ends = new Map<number, number>()
  let total = 0
  for (const [session, count] of counts) {
    next.set(session, total)
    total += count
    ends.set(session, total)
  }
  // Rows that went meanwhile leave their places empty at the end of their session's part.
  const order = new Uint32Array(total).fill(absent)
  for (let index = 0; index < rows.count; index += 1) {
    const session = sessionOf(log, rows, index)
    const place = session === undefined ? undefined : next.get(session)
    if (pace.due) await pace.rest()
    if (session === undefined || place === undefined || place === ends.get(session)) continue
    order[place] = index
    next.set(session, place + 1)
  }
  return {
    count: total,
    idAt: (index) => {
      const place = order[index] ?? absent
      return place === absent ? undefined : rows.idAt(place)
    },
  }
}

const absent = 0xffff_ffff

function sessionOf(log: ExportSource, rows: ExportRows, index: number): number | undefined {
  const id = rows.idAt(index)
  return id === undefined ? undefined : log.meta(id)?.session
}
