import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { compileFilter, type FilterRow } from './compile'
import { parseFilter } from './parse'

const page = readFileSync(new URL('../../../docs/filter-language.md', import.meta.url), 'utf8')

const blocks = [...page.matchAll(/```filter\n([^]*?)```/g)].flatMap(([, block = '']) =>
  block.trim().split('\n'),
)

/** Rows of tables as the contents of their backticks, by cell. */
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .slice(1, -1)
      .split(/(?<=`|\w) \| /)
      .map((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)),
  )

const compared = rows.filter((cells) => cells.length === 3)
const terms = rows
  .filter((cells) => cells.length === 2)
  .flatMap(([first = []]) => first)
  .filter((code) => !/^[.[]|…|^[a-z]{1,3}$/.test(code) || code === 'a b')

function row(payload: string): FilterRow {
  return {
    id: 0,
    session: 1,
    time: 0,
    direction: 'in',
    kind: 'text',
    size: payload.length,
    wireSize: payload.length + 2,
    fragments: 1,
    compressed: false,
    masked: false,
    broken: false,
    closeCode: null,
    payload: new TextEncoder().encode(payload),
  }
}

describe('docs/filter-language.md', () => {
  it('has examples', () => {
    expect([blocks.length, terms.length, compared.length].map((count) => count > 15)).toEqual([
      true,
      true,
      true,
    ])
  })

  it.each([...blocks, ...terms])('%s parses', (filter) => {
    expect(parseFilter(filter)).toMatchObject({ ok: true })
  })

  it.each(compared)('%s finds %s and passes over %s', ([filter = ''], [found = ''], [not = '']) => {
    const result = parseFilter(filter)
    const context = { now: () => 0, dayOf: () => ({ year: 2026, month: 11, day: 22 }) }
    const compiled = compileFilter(result.ok ? result.node : null, context)
    expect([compiled.test(row(found)), compiled.test(row(not))]).toEqual([true, false])
  })

  it('counts units as the page does', () => {
    const sizes = [...page.matchAll(/^\| (?:none, )?(`[^|]+) \| ([\d,]+) \|$/gm)]
    expect(sizes).toHaveLength(7)
    for (const [, names = '', bytes = ''] of sizes) {
      for (const [, unit = ''] of names.matchAll(/`(\w+)`/g)) {
        expect(parseFilter(`size>1${unit}`)).toMatchObject({
          node: { value: Number(bytes.replaceAll(',', '')) },
        })
      }
    }
  })
})
