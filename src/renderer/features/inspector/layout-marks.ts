import type { HighlightRange } from '@shared/filter/highlight'

/**
 * Where parts of a JSON text stand once it is laid out, which changes nothing but the white space
 * outside its strings. Ranges are in order and without overlaps; those of nothing but white space are
 * left out.
 */
export function marksInLayout(
  text: string,
  laidOut: string,
  ranges: readonly HighlightRange[],
): HighlightRange[] {
  const marks: HighlightRange[] = []
  let inString = false
  let escaped = false
  let place = 0
  let at = 0
  for (const { start, end } of ranges) {
    let from = -1
    let to = -1
    for (; at < end; at += 1) {
      const unit = text.charCodeAt(at)
      if (!inString) {
        if (isSpace(unit)) continue
        while (isSpace(laidOut.charCodeAt(place))) place += 1
      }
      if (laidOut.charCodeAt(place) !== unit) return marks
      if (at >= start && from < 0) from = place
      place += 1
      to = place
      if (escaped) escaped = false
      else if (inString && unit === 0x5c) escaped = true
      else if (unit === 0x22) inString = !inString
    }
    if (from >= 0) marks.push({ start: from, end: to })
  }
  return marks
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09
}
