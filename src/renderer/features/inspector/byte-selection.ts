/** Bytes chosen in the hex view, by the first one pressed and the last one reached. */
export interface ByteSelection {
  readonly anchor: number
  readonly focus: number
  /** Which column was chosen in, and thereby how the bytes are copied. */
  readonly as: 'hex' | 'text'
}

/** From the first byte up to, not including, the last. */
export function byteRange({ anchor, focus }: ByteSelection): { from: number; to: number } {
  return { from: Math.min(anchor, focus), to: Math.max(anchor, focus) + 1 }
}

/** Where a key takes the focus in lines of `line` bytes; `null` when it is no key of movement. */
export function moveFocus(
  key: string,
  focus: number,
  size: number,
  line: number,
  page: number,
): number | null {
  const start = focus - (focus % line)
  const target: Readonly<Record<string, number>> = {
    ArrowLeft: focus - 1,
    ArrowRight: focus + 1,
    ArrowUp: focus - line,
    ArrowDown: focus + line,
    PageUp: focus - line * page,
    PageDown: focus + line * page,
    Home: start,
    End: start + line - 1,
  }
  const to = target[key]
  if (to === undefined) return null
  return Math.min(Math.max(to, 0), size - 1)
}
