import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { checkPath, matchPath, parametersOf, pathOf } from './route-path'
import { Fault, faultWords } from './server-fault'
import { planOf, presetOf, presets } from './server-presets'
import { ServerPlan } from './server-route'

describe('the path of a route', () => {
  it.each([
    ['*', '/', {}],
    ['*', '/a/b', {}],
    ['/chat', '/chat', {}],
    ['/chat', '/chat/', null],
    ['/chat', '/chat2', null],
    ['/chat', '/CHAT', null],
    ['/', '/', {}],
    ['/api/*', '/api', {}],
    ['/api/*', '/api/', {}],
    ['/api/*', '/api/a/b', {}],
    ['/api/*', '/apis', null],
    ['/rooms/:room', '/rooms/red', { room: 'red' }],
    ['/rooms/:room', '/rooms/a%20b', { room: 'a b' }],
    ['/rooms/:room', '/rooms/%zz', { room: '%zz' }],
    ['/rooms/:room', '/rooms/', null],
    ['/rooms/:room', '/rooms', null],
    ['/rooms/:room', '/rooms/a/b', null],
    ['/:a/x/:b', '/1/x/2', { a: '1', b: '2' }],
    ['/:__proto__', '/x', { ['__proto__']: 'x' }],
  ])('%s, asked for %s', (pattern, path, expected) => {
    const parameters = matchPath(pattern, path)
    expect(parameters && Object.entries(parameters)).toEqual(expected && Object.entries(expected))
  })

  it.each([
    ['', 0],
    ['chat', 0],
    ['/a b', 2],
    ['/a?b', 2],
    ['/a#b', 2],
    ['/a*', 2],
    ['/*/a', 1],
    ['/:', 1],
    ['/x/:1', 3],
    ['/:a/:a', 4],
  ])('%j is refused at %d', (pattern, offset) => {
    expect(checkPath(pattern)).toMatchObject({ offset })
  })

  it.each(['*', '/', '/chat', '/api/*', '/rooms/:room', '/:a/x/:b', '/ä'])('%j is taken', (path) =>
    expect(checkPath(path)).toBeNull(),
  )

  it('fits itself when it has no parameters, whatever it consists of', () => {
    const piece = fc.stringMatching(/^[a-z%.~-]{0,5}$/)
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), (pieces) => {
        const path = `/${pieces.join('/')}`
        expect(checkPath(path)).toBeNull()
        expect(matchPath(path, path)).not.toBeNull()
        expect(matchPath(`${path}/*`, `${path}/x`)).not.toBeNull()
        expect(matchPath(path, `${path}/x`)).toBeNull()
      }),
    )
  })

  it('names its parameters', () => {
    expect(parametersOf('/a/:one/b/:two')).toEqual(['one', 'two'])
    expect(parametersOf('*')).toEqual([])
  })

  it.each([
    ['/chat?x=1', '/chat'],
    ['http://host:1/chat?x', '/chat'],
    ['*', '*'],
  ])('is %s without what is not the path: %s', (target, path) => expect(pathOf(target)).toBe(path))
})

describe('presets', () => {
  it.each(presets)('%s is a valid plan that is known again, until it is edited', (preset) => {
    const plan = planOf(preset)
    expect(v.parse(ServerPlan, plan)).toEqual(plan)
    expect(presetOf(plan)).toBe(preset)
    const [route] = plan.routes
    if (route) route.greeting = 'hello'
    expect(presetOf(plan)).toBeNull()
  })
})

describe('faults', () => {
  it('have words for every kind, and every kind for its words', () => {
    const kinds = Fault.options.map((option) => option.entries.kind.literal)
    expect(Object.keys(faultWords).sort()).toEqual([...kinds].sort())
  })
})
