import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  columnIds,
  columnsOf,
  fitting,
  gridTemplate,
  moveBefore,
  moveBy,
  settingsOf,
  type Column,
} from './columns'

const ids = (columns: readonly Column[]) => columns.map(({ id }) => id)
const shown = (columns: readonly Column[]) => ids(columns.filter((column) => column.shown))

describe('columnsOf', () => {
  it('begins with the columns people look for', () => {
    expect(ids(columnsOf([]))).toEqual([...columnIds])
    expect(shown(columnsOf([]))).toEqual([
      'time',
      'delta',
      'direction',
      'client',
      'type',
      'size',
      'preview',
    ])
  })

  it('puts a column that the settings do not know where it stands at first', () => {
    const kept = settingsOf(columnsOf([])).filter(({ id }) => id !== 'ratio' && id !== 'time')
    expect(ids(columnsOf(kept))).toEqual([...columnIds])
  })

  it('leaves out what it does not know, takes no column twice, and always shows the preview', () => {
    const columns = columnsOf([
      { id: 'preview', width: 160, shown: false },
      { id: 'colour', width: 50, shown: true },
      { id: 'size', width: 5_000, shown: true },
      { id: 'size', width: 50, shown: false },
    ])
    expect(columns.filter(({ id }) => id === 'size')).toEqual([
      { id: 'size', label: 'Size', width: 600, shown: true },
    ])
    expect(columns.find(({ id }) => id === 'preview')?.shown).toBe(true)
    expect([...ids(columns)].sort()).toEqual([...columnIds].sort())
  })

  it('keeps every order and width that was set', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...columnIds], { minLength: columnIds.length }),
        fc.array(fc.integer({ min: 120, max: 600 }), { minLength: 20, maxLength: 20 }),
        (order, widths) => {
          const set = order.map((id, index) => ({ id, width: widths[index] ?? 120, shown: true }))
          expect(settingsOf(columnsOf(set))).toEqual(set)
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('moving a column', () => {
  const columns = columnsOf([])

  it('puts it before another, or at the end', () => {
    expect(ids(moveBefore(columns, 'size', 'time')).slice(0, 3)).toEqual(['number', 'size', 'time'])
    expect(ids(moveBefore(columns, 'time', null)).at(-1)).toBe('time')
    expect(moveBefore(columns, 'time', 'time')).toBe(columns)
  })

  it('steps over the next one that is listed, and over what is not', () => {
    const listed = columns.filter(({ id }) => id !== 'session')
    const moved = moveBy(columns, listed, 'direction', 1)
    expect(ids(moved).filter((id) => id !== 'session')).toEqual([
      'number',
      'time',
      'delta',
      'client',
      'direction',
      'type',
      'size',
      'wireSize',
      'ratio',
      'fragments',
      'preview',
    ])
    expect(moveBy(columns, listed, 'number', -1)).toBe(columns)
  })
})

describe('fitting', () => {
  const columns = columnsOf([]).filter((column) => column.shown)

  it('shows all where there is room, and where nothing is known of it', () => {
    expect(fitting(columns, 1_000)).toBe(columns)
    expect(fitting(columns, 0)).toBe(columns)
  })

  it('lets columns give way to the preview, never time and direction', () => {
    expect(ids(fitting(columns, 520))).not.toContain('delta')
    expect(ids(fitting(columns, 50))).toEqual(['time', 'direction', 'client', 'preview'])
  })

  it('gives the preview what the others leave', () => {
    expect(gridTemplate(fitting(columns, 50))).toBe('108px 22px 48px minmax(0, 1fr)')
  })
})
