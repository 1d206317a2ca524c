import type { ColumnSetting } from '@shared/model/settings'

/** The columns of the traffic list, in the order they stand in at first. */
export const columnIds = [
  'number',
  'time',
  'delta',
  'direction',
  'session',
  'client',
  'type',
  'size',
  'wireSize',
  'ratio',
  'fragments',
  'preview',
] as const
export type ColumnId = (typeof columnIds)[number]

/** A column as it stands in the list. */
export interface Column {
  readonly id: ColumnId
  readonly label: string
  /** In pixels; the preview takes what the others leave. */
  readonly width: number
  readonly shown: boolean
}

interface ColumnKind {
  readonly label: string
  readonly width: number
  /** In pixels. */
  readonly narrowest: number
  readonly shown: boolean
  readonly right?: boolean
}

/** The one column whose width is not chosen. */
export const restId = 'preview'

const widest = 600

export const columnKinds: Readonly<Record<ColumnId, ColumnKind>> = {
  number: { label: 'Row', width: 72, narrowest: 32, shown: false, right: true },
  time: { label: 'Time', width: 108, narrowest: 56, shown: true },
  delta: { label: 'Delta', width: 66, narrowest: 40, shown: true, right: true },
  direction: { label: 'Direction', width: 22, narrowest: 16, shown: true },
  session: { label: 'Session', width: 52, narrowest: 32, shown: false },
  client: { label: 'Client', width: 48, narrowest: 32, shown: true },
  type: { label: 'Type', width: 48, narrowest: 32, shown: true },
  size: { label: 'Size', width: 66, narrowest: 40, shown: true, right: true },
  wireSize: { label: 'Wire size', width: 66, narrowest: 40, shown: false, right: true },
  ratio: { label: 'Ratio', width: 44, narrowest: 36, shown: false, right: true },
  fragments: { label: 'Fragments', width: 66, narrowest: 32, shown: false, right: true },
  preview: { label: 'Preview', width: 160, narrowest: 120, shown: true },
}

function isColumnId(id: string): id is ColumnId {
  return Object.hasOwn(columnKinds, id)
}

/** Every column as it was set, and those never changed where they stood at first. */
export function columnsOf(settings: readonly ColumnSetting[]): Column[] {
  const known = settings.filter(
    ({ id }, index) => isColumnId(id) && settings.findIndex((other) => other.id === id) === index,
  )
  const columns = known.map(({ id, width, shown }) => {
    const { label } = columnKinds[id as ColumnId]
    return {
      id: id as ColumnId,
      label,
      width: clampWidth(id as ColumnId, width),
      shown: shown || id === restId,
    }
  })
  columnIds.forEach((id, place) => {
    if (columns.some((column) => column.id === id)) return
    const { label, width, shown } = columnKinds[id]
    const before = columns.findLastIndex((column) => columnIds.indexOf(column.id) < place)
    columns.splice(before + 1, 0, { id, label, width, shown })
  })
  return columns
}

/** What the settings keep of columns. */
export function settingsOf(columns: readonly Column[]): ColumnSetting[] {
  return columns.map(({ id, width, shown }) => ({ id, width, shown }))
}

export function clampWidth(id: ColumnId, width: number): number {
  return Math.round(Math.min(Math.max(width, columnKinds[id].narrowest), widest))
}

export const widestColumn = widest

/** The columns with one of them before another, or at the end. */
export function moveBefore(
  columns: readonly Column[],
  id: ColumnId,
  before: ColumnId | null,
): readonly Column[] {
  const moved = columns.find((column) => column.id === id)
  if (!moved || id === before) return columns
  const rest = columns.filter((column) => column.id !== id)
  const place = rest.findIndex((column) => column.id === before)
  return rest.toSpliced(place < 0 ? rest.length : place, 0, moved)
}

/** The columns with one of them one place to the left (-1) or right (1) among those `listed`. */
export function moveBy(
  columns: readonly Column[],
  listed: readonly Column[],
  id: ColumnId,
  by: -1 | 1,
): readonly Column[] {
  const order = listed.map((column) => column.id)
  const place = order.indexOf(id)
  const target = order[place + by]
  if (place < 0 || target === undefined) return columns
  return by < 0 ? moveBefore(columns, id, target) : moveBefore(columns, target, id)
}

/** Space between columns and at the edges of a row, in pixels. */
export const columnGap = 12
export const rowPadding = 14

/** Columns that give way first in a narrow list. */
const dispensable: readonly ColumnId[] = [
  'fragments',
  'number',
  'ratio',
  'wireSize',
  'delta',
  'session',
  'size',
  'type',
]

/** The columns that fit into a width beside the narrowest preview; nothing is known of width 0. */
export function fitting(columns: readonly Column[], width: number): readonly Column[] {
  if (width <= 0) return columns
  let fit = columns
  for (const id of dispensable) {
    if (widthOf(fit) <= width) break
    fit = fit.filter((column) => column.id !== id)
  }
  return fit
}

function widthOf(columns: readonly Column[]): number {
  const sum = columns.reduce(
    (total, { id, width }) => total + (id === restId ? columnKinds[restId].narrowest : width),
    0,
  )
  return sum + columnGap * (columns.length - 1) + 2 * rowPadding
}

/** As CSS' grid-template-columns. */
export function gridTemplate(columns: readonly Column[]): string {
  return columns.map(({ id, width }) => (id === restId ? 'minmax(0, 1fr)' : `${width}px`)).join(' ')
}
