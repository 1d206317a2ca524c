import { ExactNumber } from './json-number'
import { LocatedValue } from './located-json'
import type { PathStep } from './node'

type Container = readonly unknown[] | Readonly<Record<string, unknown>>

/** The values that a path selects from a JSON value; each at least once. */
export function selectPath(root: unknown, steps: readonly PathStep[]): readonly unknown[] {
  let values: unknown[] = [root]
  let descended = false
  for (const step of steps) {
    if (step.deep) {
      values = descended ? distinctWithDescendants(values) : withDescendants(values)
      descended = true
    }
    values = taken(values, step)
    if (values.length === 0) break
  }
  return values
}

function taken(values: readonly unknown[], step: PathStep): unknown[] {
  const found: unknown[] = []
  for (const value of values) {
    if (!isContainer(value)) continue
    if (step.kind === 'all') {
      for (const child of Array.isArray(value) ? value : Object.values(value)) found.push(child)
      continue
    }
    const child =
      step.kind === 'name'
        ? member(value, step.name)
        : Array.isArray(value)
          ? (value.at(step.index) as unknown)
          : undefined
    if (child !== undefined) found.push(child)
  }
  return found
}

/** The values and everything below them. JSON of any depth goes without recursion. */
function withDescendants(values: readonly unknown[]): unknown[] {
  const found = [...values]
  for (let index = 0; index < found.length; index += 1) {
    const value = found[index]
    if (!isContainer(value)) continue
    for (const child of Array.isArray(value) ? value : Object.values(value)) found.push(child)
  }
  return found
}

/** The same when one of the values may be below another, and would be met again and again. */
function distinctWithDescendants(values: readonly unknown[]): unknown[] {
  const found = new Set(values)
  for (const value of found) {
    if (!isContainer(value)) continue
    for (const child of Array.isArray(value) ? value : Object.values(value)) found.add(child)
  }
  return [...found]
}

function member(value: Container, name: string): unknown {
  if (Array.isArray(value) || !Object.hasOwn(value, name)) return undefined
  return (value as Readonly<Record<string, unknown>>)[name]
}

function isContainer(value: unknown): value is Container {
  if (typeof value !== 'object' || value === null) return false
  return !(value instanceof ExactNumber || value instanceof LocatedValue)
}
