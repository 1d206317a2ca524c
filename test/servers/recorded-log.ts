import type { LogState } from '../../src/shared/model/capture'
import type { Fate, SessionInfo } from '../../src/shared/model/frame'
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
  readonly sessions: SessionInfo[]
  /** Rows as `in text hello`, for comparing whole conversations. */
  lines(): string[]
}

const state: LogState = {
  logId: 'recorded',
  storage: 'memory',
  problem: null,
  lost: 0,
  bytes: 0,
  budget: Number.MAX_SAFE_INTEGER,
}

export function recordLog(): RecordedLog {
  const rows: RecordedRow[] = []
  const sessions: SessionInfo[] = []
  return {
    rows,
    sessions,
    id: state.logId,
    get total() {
      return rows.length
    },
    firstId: 0,
    bytes: 0,
    budget: state.budget,
    state,
    lines: () =>
      rows
        .filter(({ kind }) => kind !== 'open')
        .map(({ direction, kind, text }) => `${direction} ${kind} ${text}`.trimEnd()),
    openSession: (session) => sessions.push({ ...session, number: sessions.length + 1 }),
    updateSession(number, change) {
      const known = sessions[number - 1]
      if (known) sessions[number - 1] = { ...known, ...change, number }
    },
    session: (number) =>
      sessions[number - 1] ?? { number, role: 'client', url: '', peer: '', local: '' },
    append(row) {
      const payload = Buffer.from(row.payload)
      return rows.push({ ...row, payload, text: payload.toString('utf8') }) - 1
    },
    setFate(id, fate) {
      const row = rows[id]
      if (row) row.fate = fate
    },
    meta: () => undefined,
    time: (id) => rows[id]?.time ?? Number.NaN,
    firstAtOrAfter: () => rows.length,
    row: () => undefined,
    read: async () => [],
    parts: async () => undefined,
    payload: async (id) => {
      const payload = rows[id]?.payload
      return payload && new Uint8Array(payload)
    },
    extent: () => undefined,
    bookmarks: new Map(),
    setBookmark: () => undefined,
    onChange: () => () => undefined,
    onStateChange: () => () => undefined,
    onPressure: () => () => undefined,
    dispose: async () => undefined,
  }
}
