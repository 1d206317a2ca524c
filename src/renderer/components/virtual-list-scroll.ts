/**
 * Tallest element that is drawn. Chromium clamps an element at 33,554,428 physical pixels, so this
 * leaves room for a zoom of 400 %.
 */
export const tallestElement = 8_000_000

/** What a list of rows of one height looks like through its viewport; all in pixels but `rows`. */
export interface ScrollExtent {
  readonly rows: number
  readonly rowHeight: number
  readonly viewport: number
}

/**
 * How the place in the list (`offset`, exact, from 0) belongs to the scroll position of the element.
 * They are the same until the list is taller than an element may be; then they are proportional.
 */
export interface ScrollMap {
  /** Height of the element that stands for all rows. */
  readonly elementHeight: number
  /** Largest offset: the last row stands at the foot of the viewport. */
  readonly lastOffset: number
  readonly proportional: boolean
  toScrollTop(offset: number): number
  toOffset(scrollTop: number): number
  /** The offset, moved into what exists. */
  clamp(offset: number): number
}

export function createScrollMap(extent: ScrollExtent, tallest = tallestElement): ScrollMap {
  const height = extent.rows * extent.rowHeight
  const elementHeight = Math.min(height, Math.max(tallest, extent.viewport))
  const lastOffset = Math.max(0, height - extent.viewport)
  const lastScrollTop = Math.max(0, elementHeight - extent.viewport)
  const proportional = height > elementHeight
  const ratio = proportional && lastScrollTop > 0 ? lastOffset / lastScrollTop : 1
  const clamp = (offset: number) => Math.min(Math.max(0, offset), lastOffset)
  return {
    elementHeight,
    lastOffset,
    proportional,
    toScrollTop: (offset) => Math.min(clamp(offset) / ratio, lastScrollTop),
    toOffset: (scrollTop) => clamp(scrollTop * ratio),
    clamp,
  }
}

/** Rows from `from` up to, not including, `to`. */
export interface RowSpan {
  readonly from: number
  readonly to: number
}

/** The rows that touch the viewport, and `overscan` more on either side. */
export function visibleRows(offset: number, extent: ScrollExtent, overscan: number): RowSpan {
  const from = Math.floor(offset / extent.rowHeight) - overscan
  const to = Math.ceil((offset + extent.viewport) / extent.rowHeight) + overscan
  return { from: Math.max(0, Math.min(from, extent.rows)), to: Math.min(to, extent.rows) }
}

export type Alignment = 'nearest' | 'start' | 'center'

/** The offset at which a row is in sight, as near to the present one as the alignment allows. */
export function offsetForRow(
  row: number,
  offset: number,
  extent: ScrollExtent,
  alignment: Alignment,
): number {
  const top = row * extent.rowHeight
  if (alignment === 'start') return top
  if (alignment === 'center') return top - (extent.viewport - extent.rowHeight) / 2
  if (top < offset) return top
  return Math.max(offset, top + extent.rowHeight - extent.viewport)
}

/** Pixels of a wheel event, whatever unit the device counts in (UI Events section 3.4.2). */
export function wheelPixels(
  event: Pick<WheelEvent, 'deltaY' | 'deltaMode'>,
  extent: ScrollExtent,
): number {
  const unit = [1, extent.rowHeight, extent.viewport][event.deltaMode] ?? 1
  return event.deltaY * unit
}
