import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterNode, filterRow, passesNaively } from '../../../test/support/filter-language'
import { compileFilter, termSources, type FilterContext, type FilterRow } from './compile'
import { parseFilter } from './parse'

const utf8 = new TextEncoder()

const context: FilterContext = {
  now: () => Date.UTC(2026, 10, 22, 12, 0, 10),
  dayOf: () => ({ year: 2026, month: 11, day: 22 }),
  timeZone: 'Europe/Berlin',
}

function row(part: Partial<FilterRow> = {}, payload = 'hello'): FilterRow {
  return {
    id: 0,
    session: 1,
    time: Date.UTC(2026, 10, 22, 12),
    direction: 'in',
    kind: 'text',
    size: 5,
    wireSize: 7,
    fragments: 1,
    compressed: false,
    masked: false,
    broken: false,
    closeCode: null,
    payload: utf8.encode(payload),
    ...part,
  }
}

function compiled(text: string, changes: Partial<FilterContext> = {}) {
  const result = parseFilter(text)
  if (!result.ok) throw new Error(`${text}: ${result.problem.message}`)
  return compileFilter(result.node, { ...context, ...changes })
}

const passes = (filter: string, payload: string, part: Partial<FilterRow> = {}) =>
  compiled(filter).test(row(part, payload))

describe('compileFilter', () => {
  it('lets everything pass without a filter', () => {
    expect(compiled('').test(row())).toBe(true)
    expect(compiled('').usesPayload).toBe(false)
  })

  it.each([
    ['price', '{"Price":1}', true],
    ['PRICE', '{"price":1}', true],
    ['price', '{"prize":1}', false],
    ['a', '', false],
    ['aab', 'aaaaaab', true],
    ['[', '{', false],
    ['@', '`', false],
    ['ÜBER', 'alles über', true],
    ['über', 'alles uber', false],
    ['ΟΔΟΣ', 'οδοσα οδος', true],
    ['οδος', 'ΟΔΟΣΑ', true],
    ['strasse', 'Lange Straße', true],
    ['STRAẞE', 'lange strasse', true],
    ['kelvin', '4 \u212aelvin', true],
    ['ISTANBUL', 'istanbul', true],
    ['office', 'o\ufb03ce', true],
    ['日本', 'x日本y', true],
    ['日本', '日-本', false],
    ['"\ufeff"', '\ufeffabc', true],
    ['"two words"', 'two words', true],
    ['two words', 'words, two', true],
    ['two -words', 'words, two', false],
    ['a or b', 'b', true],
    ['not a', 'b', true],
    ['/^h.l+o$/', 'hello', true],
    ['/HELLO/', 'hello', false],
    ['/HELLO/i', 'hello', true],
    ['/^b/m', 'a\nb', true],
  ])('finds %s in %j: %s', (filter, payload, expected) => {
    expect(passes(filter, payload)).toBe(expected)
    expect(compiled(filter).usesPayload).toBe(true)
  })

  it('reads binary payloads as UTF-8', () => {
    const payload = Uint8Array.of(0xff, 0x41, 0x42, 0x80, ...utf8.encode('ü'))
    const test = (filter: string) => compiled(filter).test(row({ kind: 'binary', payload }))
    expect(['ab', 'Ü', 'abc', '/B\ufffdü/', '\ufffd'].map(test)).toEqual([
      true,
      true,
      false,
      true,
      true,
    ])
  })

  it('looks only at the bytes of the payload', () => {
    const bytes = utf8.encode('needle in front')
    const test = (payload: Uint8Array, filter: string) => compiled(filter).test(row({ payload }))
    expect(test(bytes.subarray(1), 'needle')).toBe(false)
    expect(test(bytes.subarray(0, -1), 'front')).toBe(false)
  })

  it('searches the reason of a close frame, not its code', () => {
    const close = row({ kind: 'close', closeCode: 16706, payload: utf8.encode('ABgoing') })
    expect(compiled('going').test(close)).toBe(true)
    expect(compiled('AB').test(close)).toBe(false)
    expect(compiled('/^g/').test(close)).toBe(true)
  })

  it.each<[string, Partial<FilterRow>, boolean]>([
    ['dir:in', { direction: 'in' }, true],
    ['dir:in,out', { direction: 'none' }, false],
    ['type:ping,pong', { kind: 'pong' }, true],
    ['type:text', { kind: 'binary' }, false],
    ['size>1k', { size: 1000 }, false],
    ['size>1k', { size: 1001 }, true],
    ['size>=1KiB', { size: 1023 }, false],
    ['size = 5', { size: 5 }, true],
    ['size!=5', { size: 5 }, false],
    ['wire<=7', { wireSize: 7 }, true],
    ['ratio>=2', { size: 20, wireSize: 10 }, true],
    ['ratio!=2', { size: 20, wireSize: 0 }, false],
    ['fragments>1', { fragments: 2 }, true],
    ['session:2,3', { session: 3 }, true],
    ['session:2,3', { session: 1 }, false],
    ['frame:fragmented', { fragments: 2 }, true],
    ['frame:fragmented', { fragments: 1 }, false],
    ['frame:compressed,invalid', { broken: true }, true],
    ['frame:masked', {}, false],
    ['close:1006', { kind: 'close', closeCode: 1006 }, true],
    ['close:1006', {}, false],
    ['close!=1000', { kind: 'close', closeCode: null }, false],
    ['close>=1000 close<2000', { kind: 'close', closeCode: 1001 }, true],
    ['since:10s', { time: Date.UTC(2026, 10, 22, 12) }, true],
    ['since:10s', { time: Date.UTC(2026, 10, 22, 12) - 0.001 }, false],
  ])('tests %s without the payload', (filter, part, expected) => {
    const test = compiled(filter)
    expect(test.test(row(part))).toBe(expected)
    expect(test.usesPayload).toBe(false)
  })

  // 12:00 UTC is 13:00 in Berlin in November.
  it.each([
    ['time>=13:00', 0, true],
    ['time>13:00', 0, false],
    ['time>13:00', 0.001, true],
    ['time<13:00', -0.001, true],
    ['time<=13:00:00.000001', 0.001, true],
    ['time>=13:00:00.123456', 123.456, true],
    ['time>13:00:00.123456', 123.456, false],
    ['time>=2026-11-22T12:00Z', 0, true],
    ['time>2026-11-22T14:00:00+02:00', 0, false],
    ['time>2026-11-22', 0, true],
    ['time>2026-11-23', 0, false],
    ['time>=2026-11-22T13:00', 0, true],
  ])('tests %s with the clock of the viewer', (filter, plus, expected) => {
    expect(compiled(filter).test(row({ time: Date.UTC(2026, 10, 22, 12) + plus }))).toBe(expected)
  })

  it('uses the time zone of the system without another', () => {
    const time = new Date(2026, 10, 22, 13, 30).getTime()
    const { timeZone: _, ...local } = context
    const test = (filter: string) => {
      const result = parseFilter(filter)
      return result.ok && compileFilter(result.node, local).test(row({ time }))
    }
    expect(['time>=13:30', 'time>13:30', 'time>=2026-11-22T13:30'].map(test)).toEqual([
      true,
      false,
      true,
    ])
  })

  it('moves the boundary of since: with the clock', () => {
    let now = 20_000
    const filter = compiled('since:10s', { now: () => now })
    expect(filter.test(row({ time: 10_000 }))).toBe(true)
    now += 1
    expect(filter.test(row({ time: 10_000 }))).toBe(false)
  })

  it.each([
    ['$', '1', true],
    ['$', 'null', true],
    ['$', 'nope', false],
    ['$', '{"a":1', false],
    ['$ == null', 'null', true],
    ['$.a', '{"a":null}', true],
    ['$.a exists', '{"b":1}', false],
    ['$.a', '"a"', false],
    ['$.a.b', ' {"a":{"b":0}}\n', true],
    ['$.a', '{"\\u0061":1}', true],
    ['$.A', '{"a":1}', false],
    ['$.a', '{"a":1}x', false],
    ['$.a', '\ufeff{"a":1}', false],
    ['$.length', '[1]', false],
    ['$.toString', '{}', false],
    ["$['__proto__']", '{"__proto__":1}', true],
    ["$['__proto__']", '{"a":1}', false],
    ['$[0]', '[1]', true],
    ['$[1]', '[1]', false],
    ['$[-1] == 3', '[1,2,3]', true],
    ['$[0]', '{"0":1}', false],
    ['$[*] == 2', '[1,2]', true],
    ['$.* == 2', '{"a":1,"b":2}', true],
    ['$..id == 7', '{"a":[{"id":1},{"b":{"id":7}}]}', true],
    ['$..id', '{"a":[]}', false],
    ['$..[0] == 7', '{"a":[[7]]}', true],
    ['$..a..b == 1', '{"a":{"a":{"b":1}}}', true],
    ['$.a == 1', '{"a":1.0}', true],
    ['$.a == 100', '{"a":1e2}', true],
    ['$.a == 0', '{"a":-0}', true],
    ['$.a == 1', '{"a":"1"}', false],
    ['$.a == "1"', '{"a":1}', false],
    ['$.a == x', '{"a":"x"}', true],
    ['$.a == "x"', '{"a":"\\u0078"}', true],
    ['$.a == X', '{"a":"x"}', false],
    ['$.a == "a/b"', '{"a":"a\\/b"}', true],
    ['$.a == true', '{"a":true}', true],
    ['$.a == true', '{"a":"true"}', false],
    ['$.a == null', '{}', false],
    ['$.a != 1', '{"a":2}', true],
    ['$.a != 1', '{"a":"1"}', true],
    ['$.a != 1', '{}', false],
    ['not $.a == 1', '{}', true],
    ['$.a != 1', '{"a":[1]}', true],
    ['$.a > 1', '{"a":1.5}', true],
    ['$.a > 1', '{"a":"1.5"}', true],
    ['$.a > 1', '{"a":"1.5x"}', false],
    ['$.a > 1', '{"a":true}', false],
    ['$.a <= 9', '{"a":"10"}', false],
    ['$.a < "b"', '{"a":"abc"}', true],
    ['$.a < "b"', '{"a":1}', false],
    ['$.a > true', '{"a":true}', false],
    ['$.a ~ RAD', '{"a":"trade"}', true],
    ['$.a ~ 40', '{"a":1.40}', true],
    ['$.a ~ ul', '{"a":null}', true],
    ['$.a ~ x', '{"a":["x"]}', false],
    ['$.a ~ /^t.*e$/', '{"a":"trade"}', true],
    ['$.a ~ /^1\\.0$/', '{"a":1.0}', true],
    ['$.a == 9007199254740993', '{"a":9007199254740993}', true],
    ['$.a == 9007199254740993', '{"a":9007199254740992}', false],
    ['$.a == 9007199254740992', '{"a":9007199254740993}', false],
    ['$.a != 9007199254740992', '{"a":9007199254740993}', true],
    ['$.a > 9007199254740992', '{"a":9007199254740993}', true],
    ['$.a > 9007199254740992', '{"a":"9007199254740993"}', true],
    ['$.a < 9007199254740993', '{"a":9007199254740993}', false],
    ['$[*] == 9007199254740993', '[9007199254740992,9007199254740993]', true],
    ['$.a == 0.1', '{"a":0.10000000000000000001}', false],
    ['$.a == 1e400', '{"a":1e400}', true],
    ['$.a < 1e401', '{"a":1e400}', true],
    ['$.a > -1e401', '{"a":-1e400}', true],
    ['$.a == 0', '{"a":1e-400}', false],
  ])('tests %s on %s: %s', (filter, payload, expected) => {
    expect(passes(filter, payload)).toBe(expected)
  })

  it('goes through JSON of any depth', () => {
    const depth = 50_000
    const payload = '{"a":['.repeat(depth) + '9007199254740993' + ']}'.repeat(depth)
    expect(passes('$..a[0] == 9007199254740993', payload)).toBe(true)
    expect(passes('$..a..a..a..b', payload)).toBe(false)
  })

  it('names what may take long before it runs, by its place in the text', () => {
    const filter = '/b/ or not $.x == 1 size>9 or $.y ~ /z/'
    const result = parseFilter(filter)
    const node = result.ok ? result.node : null
    expect(termSources(node)).toEqual(['/b/', '$.x == 1', '$.y ~ /z/'])
    const run: number[] = []
    const test = compileFilter(node, { ...context, onTerm: (index) => run.push(index) })
    test.test(row({ size: 10 }, '{"x":1,"y":"c"}'))
    expect(run).toEqual([1, 0, 2])
    run.length = 0
    test.test(row({ size: 1 }, 'nothing'))
    expect(run).toEqual([0])
  })

  it('tests what is cheap first', () => {
    let reads = 0
    const counted = (part: Partial<FilterRow>): FilterRow =>
      Object.defineProperty(row(part), 'payload', { get: () => (reads += 1) && utf8.encode('{}') })
    compiled('word /x/ dir:out').test(counted({ direction: 'in' }))
    compiled('word or /x/ or dir:in').test(counted({ direction: 'in' }))
    expect(reads).toBe(0)
    compiled('word or /x/ or $').test(counted({}))
    expect(reads).toBe(1)
  })

  it('reads one object that stands for one row after the other', () => {
    const filter = compiled('$.a == 1 or /b/')
    const shared = { ...row(), payload: new Uint8Array() }
    const results = ['{"a":1}', '{"a":2}', 'b', ''].map((payload) => {
      shared.payload = utf8.encode(payload)
      return filter.test(shared)
    })
    expect(results).toEqual([true, false, true, false])
  })

  it('agrees with an evaluator that is plain', () => {
    const now = 2000
    fc.assert(
      fc.property(
        filterNode,
        fc.array(filterRow, { minLength: 1, maxLength: 20 }),
        (node, rows) => {
          const filter = compileFilter(node, { ...context, now: () => now })
          for (const each of rows) expect(filter.test(each)).toBe(passesNaively(node, each, now))
        },
      ),
      { numRuns: 1500 },
    )
  })
})
