/** The list with one item at another place; as it is when there is no such place. */
export function moved<Item>(list: readonly Item[], from: number, to: number): Item[] {
  const copy = [...list]
  if (to < 0 || to >= copy.length) return copy
  copy.splice(to, 0, ...copy.splice(from, 1))
  return copy
}
