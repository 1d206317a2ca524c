/** What of a traffic list can be exported, when somebody asks for it. */
export interface ExportRequest {
  readonly viewId: string
  readonly logId: string
  /** What the log is of, for people. */
  readonly name: string
  /** Rows of the log that are held. */
  readonly logRows: number
  /** Rows in the list. */
  readonly viewRows: number
  /** The position where a paused list ends; `null` when it is live. */
  readonly viewEnd: number | null
  /** Whether a filter hides rows of the log. */
  readonly narrowed: boolean
  readonly selectedRows: number
  /** The positions selected, each range from its first to before its second number. */
  readonly ranges: readonly (readonly [number, number])[]
}
