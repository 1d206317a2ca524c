import { expect, type Locator } from '@playwright/test'

/** Messages that carry their number, from `from` up to, not including, `to`. */
export function numbered(from: number, to: number, more: (n: number) => object = () => ({})) {
  return Array.from({ length: to - from }, (_, index) =>
    JSON.stringify({ n: from + index, ...more(from + index) }),
  )
}

/** A row on the page: its place in the view from 1, and the number in its preview, if there is one. */
export interface NumberedRow {
  readonly place: number
  readonly number: number | null
}

/** The rows that are drawn, read in one go, so that they belong together. */
export function numberedRows(grid: Locator): Promise<NumberedRow[]> {
  return grid.evaluate((element) =>
    Array.from(element.querySelectorAll('[role="row"][aria-rowindex]'), (row) => {
      const number = /"n":(\d+)/.exec(row.textContent ?? '')?.[1]
      return {
        place: Number(row.getAttribute('aria-rowindex')),
        number: number === undefined ? null : Number(number),
      }
    }),
  )
}

/** The part of the list that is in sight, from the first place to the last. */
export function placesInSight(grid: Locator): Promise<{ first: number; last: number }> {
  return grid.evaluate((element) => {
    const header = element.querySelector('[role="columnheader"]')?.getBoundingClientRect()
    const { top, bottom } = element.getBoundingClientRect()
    const places = Array.from(element.querySelectorAll('[role="row"][aria-rowindex]'))
      .filter((row) => {
        const box = row.getBoundingClientRect()
        return box.bottom > (header?.bottom ?? top) + 1 && box.top < bottom - 1
      })
      .map((row) => Number(row.getAttribute('aria-rowindex')))
    return { first: places.at(0) ?? 0, last: places.at(-1) ?? 0 }
  })
}

/** Waits until every drawn row is the one that belongs to its place. */
export async function expectRightRows(
  grid: Locator,
  numberAt: (place: number) => number | null,
): Promise<void> {
  await expect(async () => {
    const rows = await numberedRows(grid)
    expect(rows.length).toBeGreaterThan(5)
    expect(rows).toEqual(rows.map(({ place }) => ({ place, number: numberAt(place) })))
    expect(rows.map(({ place }) => place)).toEqual(rows.map((_, i) => (rows[0]?.place ?? 0) + i))
  }).toPass({ timeout: 10_000 })
}
