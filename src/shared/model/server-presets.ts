import { newRoute, type Behaviour, type Route, type ServerPlan } from './server-route'

/** A plan to begin with, by its name. */
export const presets = ['echo', 'broadcast', 'relay', 'ticker', 'http', 'endpoints'] as const
export type Preset = (typeof presets)[number]

const plainText = [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }]

/** Milliseconds between two messages that a preset pushes. */
const pushInterval = 5000

const route = (id: string, path: string, ...behaviours: Behaviour[]): Route => ({
  ...newRoute(id, path),
  behaviours,
})
const ticker = (name: string): Behaviour => ({
  id: 'ticker',
  kind: 'ticker',
  interval: pushInterval,
  template: `message from ${name} at : {{iso}}`,
})
const only = (...routes: Route[]): ServerPlan => ({
  routes,
  otherPaths: { kind: 'destroy' },
  plain: [],
})

/** What each preset does; a copy of its own, to be edited. */
export function planOf(preset: Preset): ServerPlan {
  switch (preset) {
    case 'echo':
      return only(route('all', '*', { id: 'echo', kind: 'echo' }))
    case 'broadcast':
      return only(route('all', '*', { id: 'broadcast', kind: 'broadcast' }))
    case 'relay':
      return only(route('all', '*', { id: 'relay', kind: 'relay' }))
    case 'ticker':
      return only(route('all', '*', ticker('server')))
    case 'http':
      return {
        routes: [route('chat', '/chat', ticker('server'))],
        otherPaths: {
          kind: 'answer',
          status: 404,
          headers: plainText,
          body: 'There is no WebSocket endpoint at this path.\n',
        },
        plain: [
          {
            id: 'hello',
            path: '*',
            answer: { kind: 'fixed', status: 200, headers: plainText, body: 'hello world' },
          },
        ],
      }
    case 'endpoints':
      return only(
        route('chat', '/chat', ticker('server-1')),
        route('chat2', '/chat2', ticker('server-2')),
      )
  }
}

/** Which preset a plan is, `null` once it was edited. */
export function presetOf(plan: ServerPlan): Preset | null {
  const text = JSON.stringify(sorted(plan))
  return presets.find((preset) => JSON.stringify(sorted(planOf(preset))) === text) ?? null
}

/** With the keys of every object in one order, so that equal plans give equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, part]: [string, unknown]) => [key, sorted(part)]),
  )
}
