import type { IncomingMessage } from 'node:http'
import { matchPath, pathOf, type PathParameters } from '@shared/model/route-path'
import type { HttpAnswer, Requirement, Route, ServerPlan } from '@shared/model/server-route'

/** What becomes of an upgrade request, before any fault has its say. */
export type Admission =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: PathParameters }
  /** `because` goes into the row that tells of it. */
  | { readonly kind: 'answer'; readonly answer: HttpAnswer; readonly because: string }
  | { readonly kind: 'destroy'; readonly because: string }

const plainText = [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }]

/** The first route whose pattern fits a request target. */
export function routeFor(
  plan: ServerPlan,
  target: string,
): { readonly route: Route; readonly parameters: PathParameters } | null {
  const path = pathOf(target)
  for (const route of plan.routes) {
    const parameters = matchPath(route.path, path)
    if (parameters) return { route, parameters }
  }
  return null
}

/** Decides whether a WebSocket is let in, and to which route. */
export function admit(
  plan: ServerPlan,
  origins: readonly string[] | null,
  request: IncomingMessage,
): Admission {
  const target = request.url ?? '/'
  const { origin } = request.headers
  if (origins && origin !== undefined && !origins.includes(origin))
    return refuse(403, `This server lets in no page of ${origin}.`, `its Origin is ${origin}`)
  const found = routeFor(plan, target)
  if (!found) return otherPath(plan, target)
  const missing = found.route.requires.find((requirement) => !isMet(requirement, request))
  if (missing) {
    const { name } = missing
    const place = missing.in === 'header' ? `The header ${name}` : `The query parameter ${name}`
    return {
      kind: 'answer',
      answer: {
        status: 401,
        headers: [...plainText, { name: 'WWW-Authenticate', value: 'Bearer' }],
        body: `${place} is missing or not what this server expects.\n`,
      },
      because: `${place.replace(/^T/, 't')} is missing or wrong`,
    }
  }
  if (found.route.protocols.required && chooseProtocol(found.route, offered(request)) === null)
    return refuse(
      400,
      'This server needs a subprotocol that it speaks.',
      'it offers no subprotocol that the route speaks',
    )
  return { kind: 'route', ...found }
}

/** The subprotocol a route agrees on, `null` for none. */
export function chooseProtocol(route: Route, protocols: readonly string[]): string | null {
  const { accepted, choose } = route.protocols
  if (choose === 'none') return null
  if (choose === 'server' && accepted.length > 0)
    return accepted.find((protocol) => protocols.includes(protocol)) ?? null
  return protocols.find((each) => accepted.length === 0 || accepted.includes(each)) ?? null
}

function offered(request: IncomingMessage): string[] {
  const header = request.headers['sec-websocket-protocol'] ?? ''
  return header
    .split(',')
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '')
}

function isMet({ in: place, name, value }: Requirement, request: IncomingMessage): boolean {
  if (place === 'header') {
    const given = request.headers[name.toLowerCase()]
    return given !== undefined && (value === '' || given === value)
  }
  const query = URL.parse(request.url ?? '/', 'ws://server')?.searchParams
  const given = query?.getAll(name) ?? []
  return given.length > 0 && (value === '' || given.includes(value))
}

function otherPath({ otherPaths }: ServerPlan, target: string): Admission {
  const because = `no route at ${target}`
  if (otherPaths.kind === 'destroy') return { kind: 'destroy', because }
  const { status, headers, body } = otherPaths
  return { kind: 'answer', answer: { status, headers, body }, because }
}

function refuse(status: number, body: string, because: string): Admission {
  return { kind: 'answer', answer: { status, headers: plainText, body: `${body}\n` }, because }
}
