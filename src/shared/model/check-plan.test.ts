import { describe, expect, it } from 'vitest'
import { checkPlan } from './check-plan'
import { planOf, presets } from './server-presets'
import {
  newRoute,
  type Behaviour,
  type MessageMatch,
  type Route,
  type ScriptStep,
} from './server-route'

function problems(route: Partial<Route>) {
  return checkPlan({
    routes: [{ ...newRoute('r', '/rooms/:room'), ...route }],
    otherPaths: { kind: 'destroy' },
    plain: [],
  })
}

const behaves = (...behaviours: Behaviour[]) => problems({ behaviours })
const steps = (...all: ScriptStep[]) =>
  behaves({ id: 's', kind: 'script', rules: [{ id: '1', on: { kind: 'open' }, steps: all }] })
const matches = (match: MessageMatch) =>
  behaves({
    id: 's',
    kind: 'script',
    rules: [{ id: '1', on: { kind: 'message', match }, steps: [] }],
  })

describe('checkPlan', () => {
  it.each(presets)('finds nothing wrong with the preset %s', (preset) => {
    expect(checkPlan(planOf(preset))).toEqual([])
  })

  it('points at paths that cannot be used, or are there before', () => {
    const answer = { kind: 'folder', folderId: null } as const
    const found = checkPlan({
      routes: ['/a b', '/x/:a', '/x/:b', '/x/a'].map((path, id) => newRoute(String(id), path)),
      otherPaths: { kind: 'destroy' },
      plain: ['*', '*'].map((path, id) => ({ id: String(id), path, answer })),
    })
    expect(found).toMatchObject([
      { path: ['routes', 0, 'path'], offset: 2 },
      {
        path: ['routes', 2, 'path'],
        message: expect.stringContaining('same paths as number 2') as string,
      },
      { path: ['plain', 1, 'path'] },
    ])
  })

  it('checks templates for what is known where they stand', () => {
    expect(problems({ greeting: 'Hello {{param.room}} {{message}}' })).toMatchObject([
      { path: ['routes', 0, 'greeting'], offset: 23 },
    ])
    expect(
      behaves({ id: 't', kind: 'ticker', interval: 1, template: '{{param.no}}' }),
    ).toMatchObject([{ path: ['routes', 0, 'behaviours', 0, 'template'], offset: 2 }])
    expect(steps({ kind: 'reply', template: '{{message}}', as: 'text' })).toHaveLength(1)
    const on = { kind: 'message', match: { kind: 'any' } } as const
    const reply = { kind: 'reply', template: '{{message}}', as: 'text' } as const
    expect(behaves({ id: 's', kind: 'script', rules: [{ id: '1', on, steps: [reply] }] })).toEqual(
      [],
    )
  })

  it('reads hex that never changes', () => {
    expect(
      steps(
        { kind: 'reply', template: '0a f', as: 'hex' },
        { kind: 'broadcast', template: '0a ff', as: 'hex' },
        { kind: 'reply', template: '{{counter}}', as: 'hex' },
      ),
    ).toMatchObject([
      { path: ['routes', 0, 'behaviours', 0, 'rules', 0, 'steps', 0, 'template'], offset: 3 },
    ])
  })

  it.each([
    [{ kind: 'close', code: 1005, reason: '' }, 'code'],
    [{ kind: 'close', code: 1004, reason: '' }, 'code'],
    [{ kind: 'close', code: 2000, reason: '' }, 'code'],
    [{ kind: 'close', code: 1000, reason: 'ä'.repeat(62) }, 'reason'],
    [{ kind: 'ping', payload: 'ä'.repeat(63) }, 'payload'],
  ] as const)('refuses %j', (step, name) => {
    expect(steps(step).map(({ path }) => path.at(-1))).toEqual([name])
  })

  it.each([1000, 1003, 1007, 1014, 3000, 4999])('lets %d be sent', (code) => {
    expect(steps({ kind: 'close', code, reason: 'ä'.repeat(61) })).toEqual([])
  })

  it.each([
    [{ kind: 'regex', source: '(', flags: '' }, 'source', 'Unterminated group'],
    [{ kind: 'regex', source: 'a', flags: 'ii' }, 'flags', '“ii”'],
    [{ kind: 'regex', source: 'a', flags: 'uv' }, 'flags', '“uv”'],
    [{ kind: 'jsonpath', expression: '$.a ==' }, 'expression', 'needs a value'],
    [{ kind: 'jsonpath', expression: '' }, 'expression', 'Only tests'],
    [{ kind: 'jsonpath', expression: '$.a (not size>1)' }, 'expression', 'Only tests'],
  ] as const)('refuses %j', (match, name, words) => {
    const [found, ...more] = matches(match)
    expect(found?.path.at(-1)).toBe(name)
    expect(found?.message).toContain(words)
    expect(more).toEqual([])
  })

  it.each([
    { kind: 'any' },
    { kind: 'text', text: '(', whole: false },
    { kind: 'regex', source: '^a', flags: 'iu' },
    { kind: 'jsonpath', expression: '$.type == "hello" and not ($.n > 5 or $..x exists)' },
    { kind: 'jsonpath', expression: '$.a ~ /b/i' },
  ] as const)('takes %j', (match) => expect(matches(match)).toEqual([]))

  it('checks how clients get into a room', () => {
    const rooms = (join: Extract<Behaviour, { kind: 'rooms' }>['join']) =>
      behaves({ id: 'r', kind: 'rooms', join, toSender: false })
    expect(rooms({ by: 'path', parameter: 'room' })).toEqual([])
    expect(rooms({ by: 'path', parameter: 'rom' })).toHaveLength(1)
    expect(rooms({ by: 'jsonpath', path: '$.room' })).toEqual([])
    expect(rooms({ by: 'jsonpath', path: '$.room == 1' })).toMatchObject([{ offset: 6 }])
    expect(rooms({ by: 'jsonpath', path: 'room' })).toMatchObject([{ offset: 0 }])
  })

  it('checks names and values of headers, and subprotocols', () => {
    expect(
      problems({
        protocols: { accepted: ['a', 'b c', 'a'], choose: 'client', required: false },
        requires: [
          { in: 'header', name: 'X Y', value: '' },
          { in: 'header', name: 'X', value: 'a\r\nb' },
          { in: 'query', name: 'x y', value: 'ä\n' },
        ],
      }).map(({ path }) => path.slice(2)),
    ).toEqual([
      ['protocols', 'accepted', 1],
      ['protocols', 'accepted', 2],
      ['requires', 0, 'name'],
      ['requires', 1, 'value'],
    ])
    const headers = [{ name: 'X', value: '\0' }]
    const answer = { status: 200, headers, body: '' }
    expect(
      checkPlan({
        routes: [],
        otherPaths: { kind: 'answer', ...answer },
        plain: [{ id: '1', path: '/', answer: { kind: 'fixed', ...answer } }],
      }).map(({ path }) => path),
    ).toEqual([
      ['otherPaths', 'headers', 0, 'value'],
      ['plain', 0, 'answer', 'headers', 0, 'value'],
    ])
  })
})
