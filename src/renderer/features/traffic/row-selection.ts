/** Positions from `from` up to, not including, `to`. */
export interface PositionRange {
  readonly from: number
  readonly to: number
}

/** Which rows of a view are selected: ranges, so that selecting a million rows costs nothing. */
export interface RowSelection {
  /** In order and apart from each other. */
  readonly ranges: readonly PositionRange[]
  /** Where a range begins that Shift extends. */
  readonly anchor: number | null
  /** The row the keyboard is on, which the inspector shows. */
  readonly active: number | null
}

export function noSelection(): RowSelection {
  return { ranges: [], anchor: null, active: null }
}

export function selectOnly(position: number): RowSelection {
  return { ranges: [{ from: position, to: position + 1 }], anchor: position, active: position }
}

/** From the anchor to the position, in place of what was selected. */
export function extendTo(selection: RowSelection, position: number): RowSelection {
  const anchor = selection.anchor ?? position
  const range = { from: Math.min(anchor, position), to: Math.max(anchor, position) + 1 }
  return { ranges: [range], anchor, active: position }
}

/** Adds the row to what is selected, or takes it out. */
export function toggle(selection: RowSelection, position: number): RowSelection {
  const ranges = isSelected(selection, position)
    ? selection.ranges.flatMap((range) => without(range, position))
    : joined([...selection.ranges, { from: position, to: position + 1 }])
  return { ranges, anchor: position, active: position }
}

export function selectAll(selection: RowSelection, first: number, end: number): RowSelection {
  if (end <= first) return noSelection()
  return { ...selection, ranges: [{ from: first, to: end }] }
}

export function isSelected(selection: RowSelection, position: number): boolean {
  return selection.ranges.some((range) => position >= range.from && position < range.to)
}

export function countSelected(selection: RowSelection): number {
  return selection.ranges.reduce((count, range) => count + range.to - range.from, 0)
}

/** The ranges as the contract has them: from the first to before the second number. */
export function pairsOf(selection: RowSelection): readonly (readonly [number, number])[] {
  return selection.ranges.map(({ from, to }) => [from, to] as const)
}

/** The selection without rows that are no longer there. */
export function clampSelection(selection: RowSelection, first: number, end: number): RowSelection {
  const exists = (position: number | null) =>
    position !== null && position >= first && position < end ? position : null
  const gone = selection.ranges.some((range) => range.from < first || range.to > end)
  if (!gone && exists(selection.active) === selection.active) return selection
  return {
    ranges: selection.ranges
      .map(({ from, to }) => ({ from: Math.max(from, first), to: Math.min(to, end) }))
      .filter(({ from, to }) => from < to),
    anchor: exists(selection.anchor),
    active: exists(selection.active),
  }
}

function without(range: PositionRange, position: number): PositionRange[] {
  if (position < range.from || position >= range.to) return [range]
  return [
    { from: range.from, to: position },
    { from: position + 1, to: range.to },
  ].filter(({ from, to }) => from < to)
}

function joined(ranges: readonly PositionRange[]): readonly PositionRange[] {
  const result: PositionRange[] = []
  for (const range of [...ranges].sort((one, other) => one.from - other.from)) {
    const last = result.at(-1)
    if (last && range.from <= last.to)
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, range.to) }
    else result.push(range)
  }
  return result
}
