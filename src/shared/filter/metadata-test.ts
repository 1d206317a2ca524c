import type { FilterContext, FilterRow } from './filter-row'
import type { Comparison, FilterNode, FrameTrait, NumberField } from './node'
import { momentToMicroseconds } from './zoned-time'

/** Terms that need no payload. */
export type MetadataTerm = Exclude<
  FilterNode,
  { kind: 'and' | 'or' | 'not' | 'text' | 'regex' | 'path' }
>

/** Compiles a term that needs no payload. */
export function metadataTest(
  node: MetadataTerm,
  context: FilterContext,
): (row: FilterRow) => boolean {
  switch (node.kind) {
    case 'direction': {
      const values = new Set(node.values)
      return (row) => values.has(row.direction)
    }
    case 'type': {
      const values = new Set(node.values)
      return (row) => values.has(row.kind)
    }
    case 'frame': {
      const tests = node.values.map((trait) => traits[trait])
      return (row) => tests.some((test) => test(row))
    }
    case 'number': {
      const read = numbers[node.field]
      const holds = comparisons[node.operator]
      const { value } = node
      return (row) => holds(read(row), value)
    }
    case 'number list': {
      const read = numbers[node.field]
      const values = new Set(node.values)
      return (row) => values.has(read(row))
    }
    case 'time': {
      const holds = comparisons[node.operator]
      const moment = momentToMicroseconds(
        node.moment,
        context.dayOf.bind(context),
        context.timeZone,
      )
      // A double is finer than a microsecond, so that equal times may differ in their last bits.
      return (row) => holds(Math.round(row.time * 1000), moment)
    }
    case 'since': {
      const { duration } = node
      return (row) => row.time >= context.now() - duration
    }
  }
}

const traits: Readonly<Record<FrameTrait, (row: FilterRow) => boolean>> = {
  fragmented: (row) => row.fragments > 1,
  compressed: (row) => row.compressed,
  invalid: (row) => row.broken,
  masked: (row) => row.masked,
}

/** `NaN` where a row has no such number: then nothing holds. */
const numbers: Readonly<Record<NumberField, (row: FilterRow) => number>> = {
  size: (row) => row.size,
  wire: (row) => row.wireSize,
  ratio: (row) => (row.wireSize > 0 ? row.size / row.wireSize : NaN),
  fragments: (row) => row.fragments,
  session: (row) => row.session,
  close: (row) => row.closeCode ?? NaN,
}

const comparisons: Readonly<Record<Comparison, (left: number, right: number) => boolean>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left < right || left > right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}
