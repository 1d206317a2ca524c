import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../../../../test/fakes/must'
import type { NewRow } from '../frame-log/frame-log'
import { importFile, type Imported, type ImportedFile } from './import-file'
import { SkippedParts } from './imported'
import { readFile } from './read-file'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function fileOf(name: string, content: string | Uint8Array) {
  const path = join(folder, name)
  writeFileSync(path, content)
  return { name, path, size: content.length }
}

function read(name: string, content: string | Uint8Array) {
  const skipped = new SkippedParts()
  const items = [...readFile(fileOf(name, content), [], skipped)]
  return { ...split(items), skipped: skipped.words, skippedCount: skipped.count }
}

function split(items: readonly Imported[]) {
  return {
    rows: items.flatMap((item) => ('row' in item ? [item.row] : [])),
    sessions: items.flatMap((item) => ('session' in item ? [item.session] : [])),
  }
}

const textOf = ({ payload }: NewRow) => Buffer.from(payload).toString()
const harOf = (...entries: object[]) => JSON.stringify({ log: { entries } })
const message = (part: object) => ({
  type: 'receive',
  time: 1_795_000_000,
  opcode: 1,
  data: 'x',
  ...part,
})

describe('a HAR file', () => {
  it('says which of the files beside it no connection names', () => {
    const line = JSON.stringify({ type: 'receive', time: 1000, opcode: 1, data: 'hello' })
    const entry = {
      startedDateTime: '2026-11-19T07:06:39.900Z',
      _resourceType: 'websocket',
      request: { url: 'ws://example.org/' },
      response: { status: 101, content: { _file: 'ws/named.jsonl' } },
    }
    const skipped = new SkippedParts()
    const beside = ['named.jsonl', 'other.jsonl'].map((name) => fileOf(name, `${line}\n`))
    const items = [...readFile(fileOf('beside.har', harOf(entry)), beside, skipped)]
    expect(split(items).rows.map(textOf)).toContain('hello')
    expect(skipped.words).toEqual([
      '“other.jsonl”, which no connection of “beside.har” names as the file of its messages.',
    ])
  })

  it('becomes sessions whose rows are in the order of time', () => {
    const path = resolve(import.meta.dirname, '../../../../test/fixtures/har/http-toolkit.har')
    const { rows, sessions, skipped } = read('a.har', readFileSync(path))
    expect(skipped).toEqual([])
    expect(sessions.map(({ url, peer }) => [url, peer])).toEqual([
      ['wss://example.org/chat', '[2001:db8::7]:443'],
      ['wss://example.org/other', ''],
      ['wss://example.org/refused', ''],
    ])
    const shown = rows.map((row) => [
      row.session,
      row.kind,
      row.direction,
      row.time - 1_795_000_000_000,
    ])
    expect(shown).toEqual([
      [1, 'open', 'none', 0],
      [1, 'text', 'out', 250],
      [2, 'open', 'none', 300],
      [2, 'text', 'in', 300],
      [2, 'error', 'none', 300],
      [3, 'error', 'none', 400],
      [1, 'ping', 'in', 500],
      [1, 'close', 'in', 1000],
    ])
    expect(textOf(must(rows[5]))).toBe('The server answered 403 Forbidden instead of 101.')
    expect(Buffer.from(must(rows[7]).payload).toString('hex')).toBe('0fa1646f6e65')
    expect(must(rows[1])).toMatchObject({ header: 0x8185, wireSize: 11, fragments: 1 })
  })

  it('may have times in milliseconds, or none', () => {
    const { rows } = read(
      'a.har',
      harOf({
        startedDateTime: '2026-11-18T11:06:40.000Z',
        request: { url: 'ws://a/' },
        response: {},
        _webSocketMessages: [
          message({ time: -1 }),
          message({ time: 1_795_000_000_500.25 }),
          message({ time: -1 }),
          message({ time: 1_795_000_001.5 }),
        ],
      }),
    )
    expect(rows.slice(1).map(({ time }) => time - 1_795_000_000_000)).toEqual([
      0, 500.25, 500.25, 1500,
    ])
  })

  it('has no time beyond those that rows have', () => {
    const times = [1e300, 9.1e12, -5, 1_795_000_000]
    const entry = {
      startedDateTime: '0001-01-01T00:00:00Z',
      request: { url: 'ws://a/' },
      _webSocketMessages: times.map((time) => message({ time })),
    }
    const { rows } = read('a.har', harOf(entry))
    expect(rows.map(({ time }) => time)).toEqual([0, 0, 0, 0, 1_795_000_000_000])
  })

  it('may have many sessions whose messages lie apart', () => {
    const entries = Array.from({ length: 300 }, (_, session) => ({
      request: { url: `ws://a/${session}` },
      _webSocketMessages: Array.from({ length: 20 }, (_each, index) =>
        message({ time: 1_795_000_000 + index, data: `${session} ${index}`.padEnd(300) }),
      ),
    }))
    const { rows, skipped } = read('a.har', harOf(...entries))
    expect(skipped).toEqual([])
    const texts = rows.filter(({ kind }) => kind === 'text').map((row) => textOf(row).trimEnd())
    expect(texts).toEqual(
      Array.from({ length: 6000 }, (_, at) => `${at % 300} ${Math.floor(at / 300)}`),
    )
  })

  it.each([
    ['null', []],
    ['{}', ['Entry 1: its messages (byte 68) are no list.']],
  ])('may have %s where messages are', (messages, expected) => {
    const har = `{"log":{"entries":[{"request":{"url":"ws://a"},"_webSocketMessages":${messages}}]}}`
    expect(read('a.har', har).skipped).toEqual(expected)
  })

  it('may have opcodes that Chrome never writes', () => {
    const opcodes = [-1, 0, 1, 2, 8, 9, 10, 11]
    const messages = opcodes.map((opcode) => message({ opcode, data: 'AQI=' }))
    const { rows } = read(
      'a.har',
      harOf({ request: { url: 'ws://a/' }, _webSocketMessages: messages }),
    )
    expect(rows.slice(1).map(({ kind }) => kind)).toEqual([
      ...['error', 'binary', 'text', 'binary', 'close', 'ping', 'pong', 'binary'],
    ])
    expect(rows.slice(1).map(({ payload }) => payload.length)).toEqual([4, 2, 4, 2, 2, 2, 2, 2])
  })

  it('leaves out what is no message, and says so', () => {
    const messages = [
      message({}),
      message({ data: 7 }),
      'x',
      message({ opcode: 99 }),
      message({ type: 'odd' }),
    ]
    const { rows, skipped } = read(
      'a.har',
      harOf({ request: { url: 'ws://a/' }, _webSocketMessages: messages }),
    )
    expect(rows).toHaveLength(2)
    expect(skipped.map((words) => words.replace(/ \(byte \d+\)/, ''))).toEqual([
      'Entry 1, message 2: “data” is not a text.',
      'Entry 1, message 3: it is not an object.',
      'Entry 1, message 4: “opcode” is not a number from 0 to 15, or -1.',
      'Entry 1, message 5: “type” is none of send, receive and error.',
    ])
  })

  it('is read up to where it was cut off', () => {
    const whole = harOf(
      { request: { url: 'ws://a/' }, _webSocketMessages: [message({ data: 'a' })] },
      { _webSocketMessages: [message({ data: 'b' }), message({ data: 'c' })], request: {} },
    )
    const cut = whole.slice(0, whole.indexOf('"c"'))
    const { rows, sessions, skipped } = read('cut.har', cut)
    expect(rows.filter(({ kind }) => kind === 'text').map(textOf)).toEqual(['a', 'b'])
    expect(sessions).toHaveLength(2)
    expect(skipped).toEqual([
      `The rest of the file. The file ends in the middle of a value, at byte ${cut.length}.`,
    ])
  })

  it('can be read however it is cut', () => {
    const whole = readFileSync(
      resolve(import.meta.dirname, '../../../../test/fixtures/har/http-toolkit.har'),
    )
    for (let end = 0; end < whole.length; end += 7) {
      try {
        read('cut.har', whole.subarray(0, end))
      } catch (error) {
        expect(error).toMatchObject({ code: 'IMPORT_FAILED' })
      }
    }
  })
})

describe('JSON Lines', () => {
  it('are read from before there were versions', () => {
    const line = {
      ...{
        id: 4,
        session: 2,
        time: '2026-11-18T11:06:40.000001Z',
        timestamp: 1_795_000_000_000.001,
      },
      ...{ direction: 'out', type: 'text', size: 5, wireSize: 11, fragments: 1, compressed: false },
      ...{ fate: 'written', text: 'hello' },
    }
    const { rows, sessions, skipped } = read('old.jsonl', `\ufeff${JSON.stringify(line)}\r\n\n`)
    expect(skipped).toEqual([])
    expect(sessions).toEqual([{ number: 2, role: 'client', url: '', peer: '', local: '' }])
    expect(rows).toMatchObject([
      {
        session: 2,
        time: 1_795_000_000_000.001,
        kind: 'text',
        header: 0x8185,
        wireSize: 11,
        fate: 'written',
      },
    ])
  })

  it('are read around lines that are none, which are told with their number and byte', () => {
    const row = JSON.stringify({ type: 'text', direction: 'in', timestamp: 1, text: 'a' })
    const bad = [
      '{"type":"text"',
      '{}',
      '{"type":"text","direction":"up","timestamp":1,"text":""}',
      '[]',
    ]
    const { rows, skipped, skippedCount } = read(
      'a.jsonl',
      [row, ...bad, row, row.slice(0, 9)].join('\n'),
    )
    expect(rows).toHaveLength(2)
    expect(skippedCount).toBe(5)
    expect(skipped[0]).toMatch(
      new RegExp(`^Line 2 \\(byte ${row.length + 1}\\) is cut off or not JSON: `),
    )
    expect(skipped[2]).toContain('Line 4 is no row: “direction”')
    expect(skipped[4]).toContain('Line 7 (byte ')
  })

  it('have no time beyond those that rows have', () => {
    const row = (time: object) =>
      JSON.stringify({ type: 'text', direction: 'in', text: 'a', ...time })
    const times = [{ timestamp: 1e300 }, { timestamp: -1 }, { time: '9999-01-01T00:00:00Z' }]
    const { rows, skipped } = read('a.jsonl', [row({ timestamp: 1 }), ...times.map(row)].join('\n'))
    expect(rows).toHaveLength(1)
    expect(skipped).toEqual([
      'Line 2 is no row: “timestamp”: it is not in milliseconds since 1970, up to the year 2255.',
      'Line 3 is no row: “timestamp”: it is not in milliseconds since 1970, up to the year 2255.',
      'Line 4 is no row: it has neither a timestamp nor a time from 1970 to 2255.',
    ])
  })

  it('tell at most twenty parts that were left out, and count them all', () => {
    const row = JSON.stringify({ type: 'text', direction: 'in', timestamp: 1, text: 'a' })
    const { skipped, skippedCount } = read('a.jsonl', `${row}\n${'{\n'.repeat(50)}`)
    expect([skipped.length, skippedCount]).toEqual([20, 50])
  })
})

describe('a file that cannot be imported', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['empty.jsonl', '', '“empty.jsonl” is empty.'],
    ['a.png', Uint8Array.of(0x89, 0x50, 0x4e, 0x47), 'it begins with the bytes 89 50 4e 47.'],
    ['a.txt', 'hello world', 'it begins with “hello wo”.'],
    ['a.zip', 'PK\u0003\u0004', 'is a ZIP archive. Unpack it'],
    ['a.gz', Uint8Array.of(0x1f, 0x8b, 8), 'compressed with gzip'],
    ['a.jsonl', '{"a":1}\n', 'None of the 1 lines of “a.jsonl” is a row.'],
    ['a.har', '{"log":{}}', 'no list "entries"'],
    [
      'b.har',
      '{"log":{"entries":5}}',
      'is not a HAR file, which has {"log": {"entries": […]}}: [ is expected, at byte 18.',
    ],
    ['c.har', '{"log":{"entries":[]}}', 'has no WebSocket connection'],
    ['d.har', harOf({ request: { url: 'https://a/' } }), 'has no WebSocket connection'],
    [
      'newer.jsonl',
      '{"type":"header","format":"framescope","version":9}\n',
      'was written by a newer Framescope (format version 9, this one reads up to 1)',
    ],
    [
      'alone.har',
      harOf({
        request: { url: 'ws://a/' },
        response: { content: { _file: 'x.jsonl' } },
        _resourceType: 'websocket',
      }),
      'are in files of their own, such as x.jsonl. Import it together with them.',
    ],
  ])('says what was expected of %s', (name, content, words) => {
    expect(() => read(name, content)).toThrow(words)
  })
})

describe('importFile', () => {
  const row = (index: number) =>
    JSON.stringify({
      type: 'text',
      direction: 'in',
      timestamp: index,
      text: `row ${index}`,
      note: index === 3 ? 'n' : null,
    })

  async function collect(file: ImportedFile): Promise<Imported[]> {
    const items: Imported[] = []
    for await (const item of file) items.push(item)
    return items
  }

  it('reads in a thread of its own', async () => {
    const lines = Array.from({ length: 1000 }, (_, index) => row(index))
    const file = importFile(fileOf('thread.jsonl', [...lines, '{', ''].join('\n')))
    const items = await collect(file)
    const { rows } = split(items)
    expect(rows.map(textOf)).toEqual(lines.map((_, index) => `row ${index}`))
    expect(
      items.flatMap((item) => ('row' in item && item.note !== null ? [item.note] : [])),
    ).toEqual(['n'])
    expect([file.skippedCount, file.skipped[0]]).toEqual([
      1,
      expect.stringContaining('Line 1001 (byte '),
    ])
  })

  it('says in the end what was wrong', async () => {
    await expect(collect(importFile(fileOf('a.txt', 'hello')))).rejects.toMatchObject({
      code: 'IMPORT_FAILED',
    })
    const gone = { name: 'gone.jsonl', path: join(folder, 'gone.jsonl'), size: 1 }
    await expect(collect(importFile(gone))).rejects.toMatchObject({ code: 'IMPORT_FAILED' })
  })

  it('ends when it is cancelled or no longer asked', async () => {
    const source = fileOf(
      'long.jsonl',
      Array.from({ length: 3000 }, (_, index) => row(index)).join('\n'),
    )
    const controller = new AbortController()
    const read = (async () => {
      for await (const _ of importFile(source, { signal: controller.signal }))
        controller.abort(new Error('enough'))
    })()
    await expect(read).rejects.toThrow('enough')
    for await (const item of importFile(source)) {
      expect(item).toHaveProperty('session')
      break
    }
  })
})
