import { describe, expect, it } from 'vitest'
import { planOf } from '@shared/model/server-presets'
import { newRoute, type ServerPlan } from '@shared/model/server-route'
import { newFault } from './fault-defaults'
import { copyPath, freePath } from './free-path'
import { listPlace, withItem } from './list-place'
import { moved } from './moved'
import { planProblems } from './plan-problems'
import { planText } from './plan-text'
import { ruleOn } from './script-parts'

const routes = (...list: ServerPlan['routes']): ServerPlan => ({ ...planOf('echo'), routes: list })

describe('a list that was edited', () => {
  const fault = newFault('drop', 'f1')
  const before = routes({ ...newRoute('a', '/a'), faults: [fault] }, newRoute('b', '/b'))

  it('gets an item back, wherever its owner is by then', () => {
    const place = listPlace(before, ['routes', 0, 'faults'])
    const after = routes(newRoute('b', '/b'), newRoute('a', '/a'))
    const restored = withItem(after, place, 0, fault)
    expect(restored.routes[1]?.faults).toEqual([fault])
    expect(restored.routes[0]?.faults).toEqual([])
  })

  it('stays as it is when the owner is gone', () => {
    const place = listPlace(before, ['routes', 0, 'faults'])
    const after = routes(newRoute('b', '/b'))
    expect(withItem(after, place, 0, fault)).toEqual(after)
  })

  it('has an item at another place, if there is one', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 1, 2)).toEqual(['a', 'b'])
  })
})

describe('paths for what is added', () => {
  it('are free', () => {
    expect(freePath([{ path: '/path' }, { path: '/path2' }])).toBe('/path3')
    expect(copyPath([{ path: '/chat' }], '/chat')).toBe('/chat-2')
    expect(copyPath([{ path: '/chat-2' }], '/chat')).toBe('/chat-3')
    expect(copyPath([], '/api/*')).toBe('/api-2/*')
    expect(copyPath([], '*')).toBe('/path')
    expect(copyPath([], '/rooms/:room')).toBe('/rooms/:room/copy-2')
    expect(copyPath([], '/')).toBe('/-2')
  })
})

describe('what is wrong with a draft', () => {
  it('includes numbers that are none, once for each place', () => {
    const [route] = routes(newRoute('a', 'a')).routes
    if (!route) throw new Error('The test expected a route here.')
    const problems = planProblems(routes({ ...route, keepAlive: { interval: NaN, misses: -1 } }))
    expect(problems.map(({ path }) => path.join('.'))).toEqual([
      'routes.0.path',
      'routes.0.keepAlive.interval',
      'routes.0.keepAlive.misses',
    ])
    for (const { message } of problems) expect(message).toMatch(/^[A-Z].*\.$/)
  })
})

describe('plans that say the same', () => {
  it('give the same text', () => {
    const { routes: list, otherPaths, plain } = planOf('http')
    expect(planText({ plain, otherPaths, routes: list })).toBe(planText(planOf('http')))
    expect(planText(planOf('http'))).not.toBe(planText(planOf('echo')))
  })
})

describe('a rule about something else', () => {
  it('takes along what was written', () => {
    const text = ruleOn('text', {
      kind: 'message',
      match: { kind: 'regex', source: 'a+', flags: '' },
    })
    expect(text).toEqual({ kind: 'message', match: { kind: 'text', text: 'a+', whole: false } })
    expect(ruleOn('open', text)).toEqual({ kind: 'open' })
  })
})
