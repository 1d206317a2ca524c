import type { Fate } from '../../src/shared/model/frame'
import type { FrameLog, NewRow } from '../../src/main/engine/frame-log/frame-log'

/** A row as a session handed it over, with its payload copied and its latest fate. */
export interface RecordedRow extends Omit<NewRow, 'payload' | 'fate'> {
  readonly payload: Buffer
  readonly text: string
  fate: Fate | null
}

/** What a session does to its log, in an array. */
export interface RecordedLog extends FrameLog {
  readonly rows: RecordedRow[]
  readonly peers: string[]
  /** Rows as `in text hello`, for comparing whole conversations. */
  lines(): string[]
}

export function recordLog(): RecordedLog {
  const rows: RecordedRow[] = []
  const peers: string[] = []
  return {
    rows,
    peers,
    id: 'recorded',
    get total() {
      return rows.length
    },
    firstId: 0,
    bytes: 0,
    budget: Infinity,
    lines: () =>
      rows
        .filter(({ kind }) => kind !== 'open')
        .map(({ direction, kind, text }) => `${direction} ${kind} ${text}`.trimEnd()),
    openSession: (peer) => peers.push(peer),
    setPeer(session, peer) {
      peers[session - 1] = peer
    },
    append(row) {
      const payload = Buffer.from(row.payload)
      return rows.push({ ...row, payload, text: payload.toString('utf8') }) - 1
    },
    setFate(id, fate) {
      const row = rows[id]
      if (row) row.fate = fate
    },
    row: () => undefined,
    header: () => undefined,
    peer: (session) => peers[session - 1] ?? '',
    payload: (id) => rows[id]?.payload,
    test: () => false,
    onChange: () => () => undefined,
    dispose: () => undefined,
  }
}
