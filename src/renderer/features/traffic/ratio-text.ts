import type { Row } from '@shared/model/frame'

/** How many bytes a compressed message has for each one on the wire; empty for what was not compressed. */
export function ratioText({ compressed, size, wireSize }: Row): string {
  if (!compressed || wireSize === 0) return ''
  const ratio = size / wireSize
  return ratio < 99.95 ? ratio.toFixed(1) : ratio.toFixed(0)
}
