import { parseTree, type Node } from 'jsonc-parser'
import { checkJson } from '@shared/model/json-text'

/** One place at which two JSON values differ. */
export interface JsonChange {
  readonly kind: 'added' | 'removed' | 'changed'
  /** For example `$.bids[0].price`; of an element that was removed, its place in the first value. */
  readonly path: string
  /** As they were written; `null` where there is nothing. */
  readonly from: string | null
  readonly to: string | null
}

export interface JsonComparison {
  /** In the order of the second value, at most {@link mostChanges}. */
  readonly changes: readonly JsonChange[]
  /** All there are. */
  readonly total: number
  /** Plain values that are the same in both. */
  readonly same: number
}

export const mostChanges = 2_000

/** Beyond so many pairs of elements, arrays are compared place by place. */
const mostPairs = 250_000

/**
 * Compares two JSON texts by structure. The order of an object's keys does not matter, numbers are
 * compared as they were written, so that none is rounded, and elements that moved within an array
 * because others came or went are recognised.
 * @returns `null` when one of them is not JSON or is nested too deeply.
 */
export function compareJson(from: string, to: string): JsonComparison | null {
  if (checkJson(from) !== null || checkJson(to) !== null) return null
  try {
    const [before, after] = [parseTree(from), parseTree(to)]
    return before && after ? compareTrees(before, after, from, to) : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function compareTrees(before: Node, after: Node, from: string, to: string): JsonComparison {
  const identityOf = createIdentity((node, inAfter) => written(node, inAfter ? to : from))
  const changes: JsonChange[] = []
  let total = 0
  let same = 0

  function add(change: JsonChange) {
    total += 1
    if (changes.length < mostChanges) changes.push(change)
  }
  const added = (path: string, node: Node) =>
    add({ kind: 'added', path, from: null, to: written(node, to) })
  const removed = (path: string, node: Node) =>
    add({ kind: 'removed', path, from: written(node, from), to: null })

  function compare(one: Node, other: Node, path: string) {
    if (identityOf(one, false) === identityOf(other, true)) same += leaves(one)
    else if (one.type === 'object' && other.type === 'object') compareObjects(one, other, path)
    else if (one.type === 'array' && other.type === 'array') compareArrays(one, other, path)
    else add({ kind: 'changed', path, from: written(one, from), to: written(other, to) })
  }

  function compareObjects(one: Node, other: Node, path: string) {
    const rest = membersOf(one)
    for (const [key, values] of membersOf(other)) {
      const counterparts = rest.get(key) ?? []
      const place = `${path}${keyPath(key)}`
      values.forEach((value, index) => {
        const counterpart = counterparts[index]
        if (counterpart) compare(counterpart, value, place)
        else added(place, value)
      })
      for (const value of counterparts.slice(values.length)) removed(place, value)
      rest.delete(key)
    }
    for (const [key, values] of rest)
      for (const value of values) removed(`${path}${keyPath(key)}`, value)
  }

  function compareArrays(one: Node, other: Node, path: string) {
    const [left, right] = [one.children ?? [], other.children ?? []]
    const pairs = align(
      left.map((node) => identityOf(node, false)),
      right.map((node) => identityOf(node, true)),
    )
    for (const [i, j] of pairs) {
      const [before, after] = [left[i ?? -1], right[j ?? -1]]
      if (before && after) compare(before, after, `${path}[${j}]`)
      else if (after) added(`${path}[${j}]`, after)
      else if (before) removed(`${path}[${i}]`, before)
    }
  }

  compare(before, after, '$')
  return { changes, total, same }
}

/** Numbers such that two values have the same one exactly when they are the same JSON. */
function createIdentity(textOf: (node: Node, inAfter: boolean) => string) {
  const known = new Map<string, number>()
  const numbers = new Map<Node, number>()

  function identityOf(node: Node, inAfter: boolean): number {
    const before = numbers.get(node)
    if (before !== undefined) return before
    const form = formOf(node, inAfter)
    const number = known.get(form) ?? known.size
    known.set(form, number)
    numbers.set(node, number)
    return number
  }

  function formOf(node: Node, inAfter: boolean): string {
    if (node.type === 'string') return `"${String(node.value)}`
    if (node.type === 'array')
      return `[${(node.children ?? []).map((child) => identityOf(child, inAfter)).join()}`
    if (node.type !== 'object') return textOf(node, inAfter)
    const members = [...membersOf(node)].map(
      ([key, values]) =>
        `${JSON.stringify(key)}:${values.map((value) => identityOf(value, inAfter)).join()}`,
    )
    return `{${members.sort().join(';')}`
  }

  return identityOf
}

/** Values by key; a key that occurs twice has two. */
function membersOf(node: Node): Map<string, Node[]> {
  const members = new Map<string, Node[]>()
  for (const { children } of node.children ?? []) {
    const [key, value] = children ?? []
    if (!key || !value) continue
    const name = String(key.value)
    const values = members.get(name)
    if (values) values.push(value)
    else members.set(name, [value])
  }
  return members
}

type Pair = readonly [left: number | null, right: number | null]

/** Which elements of two arrays belong together: equal ones in order, and what stands between them. */
function align(left: readonly number[], right: readonly number[]): readonly Pair[] {
  let start = 0
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1
  let end = 0
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  )
    end += 1
  const common = longestCommon(
    left.slice(start, left.length - end),
    right.slice(start, right.length - end),
  ).map(([i, j]) => [start + i, start + j] as const)
  const fixed = [
    ...Array.from({ length: start }, (_, index) => [index, index] as const),
    ...common,
    ...Array.from(
      { length: end },
      (_, index) => [left.length - end + index, right.length - end + index] as const,
    ),
    [left.length, right.length] as const,
  ]
  const pairs: Pair[] = []
  let [i, j] = [0, 0]
  for (const [nextLeft, nextRight] of fixed) {
    // What stands between two equal elements changed in place, as far as there are as many.
    while (i < nextLeft && j < nextRight) pairs.push([i++, j++])
    while (i < nextLeft) pairs.push([i++, null])
    while (j < nextRight) pairs.push([null, j++])
    if (nextLeft < left.length || nextRight < right.length) pairs.push([i++, j++])
  }
  return pairs
}

/** A longest common subsequence, by its places; none where looking for it would take too long. */
function longestCommon(
  left: readonly number[],
  right: readonly number[],
): readonly (readonly [number, number])[] {
  const [rows, columns] = [left.length, right.length]
  if (rows === 0 || columns === 0 || rows * columns > mostPairs) return []
  const width = columns + 1
  const lengths = new Uint32Array((rows + 1) * width)
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      lengths[i * width + j] =
        left[i] === right[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const common: [number, number][] = []
  for (let i = 0, j = 0; i < rows && j < columns;) {
    if (left[i] === right[j]) common.push([i++, j++])
    else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return common
}

function leaves(node: Node): number {
  if (node.type === 'property') return node.children?.[1] ? leaves(node.children[1]) : 0
  if (!node.children) return node.type === 'object' || node.type === 'array' ? 0 : 1
  return node.children.reduce((sum, child) => sum + leaves(child), 0)
}

function written(node: Node, text: string): string {
  return text.slice(node.offset, node.offset + node.length)
}

function keyPath(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
