/**
 * Gives the focus to a row of a list, the elements marked `data-row`: to its field, or else to its
 * first control. The last row stands for one beyond it; without rows, the list's first button does.
 */
export function focusRow(list: HTMLElement | null, index: number): void {
  if (!list) return
  const rows = [...list.querySelectorAll<HTMLElement>('[data-row]')].filter(
    (row) => row.parentElement?.closest('[data-row]') === list.closest('[data-row]'),
  )
  const row = rows[Math.min(index, rows.length - 1)]
  const target =
    row?.querySelector<HTMLElement>('[data-main]') ??
    row?.querySelector<HTMLElement>('input, textarea, select') ??
    (row ?? list).querySelector<HTMLElement>('button:enabled')
  target?.focus()
}
