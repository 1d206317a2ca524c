import type { Place } from './plan-problems'

/**
 * Where a list stands in a plan, each item on the way by its id where it has one, so that it is found
 * again after others were moved or removed.
 */
export type ListPlace = readonly (string | number | { readonly id: string })[]

export function listPlace(root: unknown, place: Place): ListPlace {
  let value: unknown = root
  return place.map((part) => {
    value = child(value, part)
    return typeof part === 'number' && hasId(value) ? { id: value.id } : part
  })
}

/** The plan with an item put into a list of it; the plan itself when the list is gone. */
export function withItem<Root>(root: Root, place: ListPlace, index: number, item: unknown): Root {
  return put(root, place, index, item) as Root
}

function put(value: unknown, place: ListPlace, index: number, item: unknown): unknown {
  const [part, ...rest] = place
  if (part === undefined)
    return Array.isArray(value) ? value.toSpliced(Math.min(index, value.length), 0, item) : value
  if (Array.isArray(value)) {
    const at =
      typeof part === 'object'
        ? value.findIndex((other) => hasId(other) && other.id === part.id)
        : Number(part)
    return at in value ? value.with(at, put(value[at], rest, index, item)) : value
  }
  if (typeof value !== 'object' || value === null || typeof part === 'object') return value
  if (!(part in value)) return value
  return { ...value, [part]: put(child(value, part), rest, index, item) }
}

function child(value: unknown, part: string | number): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string | number, unknown>>)[part]
    : undefined
}

function hasId(value: unknown): value is { readonly id: string } {
  return typeof value === 'object' && value !== null && 'id' in value
}
