import type { HighlightRange } from '@shared/filter/highlight'
import { escapeControl } from '@shared/format/escape-control'

/** A piece of a preview, safe to be shown, and whether it is what the filter looks for. */
export interface PreviewPiece {
  readonly text: string
  readonly found: boolean
}

/** Cuts a preview where the ranges begin and end; they are in order and of the text as it came. */
export function markPreview(
  preview: string,
  ranges: readonly HighlightRange[],
): readonly PreviewPiece[] {
  const pieces: PreviewPiece[] = []
  let at = 0
  const put = (end: number, found: boolean) => {
    if (end > at) pieces.push({ text: escapeControl(preview.slice(at, end)), found })
    at = Math.max(at, end)
  }
  for (const { start, end } of ranges) {
    put(Math.min(start, preview.length), false)
    put(Math.min(end, preview.length), true)
  }
  put(preview.length, false)
  return pieces
}
