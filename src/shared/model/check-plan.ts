import type { FilterNode } from '../filter/node'
import { parseFilter } from '../filter/parse'
import { parsePlainPath } from '../filter/plain-path'
import { isSendableCloseCode, maxCloseReasonBytes } from './close-code'
import { badValueAt, isToken, tokenRule, valueRule } from './header-syntax'
import { parseTemplate } from './parse-template'
import { parseHex } from './payload-format'
import { checkPath, parametersOf } from './route-path'
import type {
  Behaviour,
  HttpAnswer,
  MessageMatch,
  Route,
  RoomJoin,
  ScriptRule,
  ScriptStep,
  ServerPlan,
} from './server-route'
import { isConstantTemplate, serverScope } from './template'

/** Something in a plan that a server cannot run. */
export interface PlanProblem {
  /** Names and indices that lead to it from the plan. */
  readonly path: readonly (string | number)[]
  /** What is wrong and what to do. */
  readonly message: string
  /** Where in the text at the path, in UTF-16 units. */
  readonly offset?: number
}

/** Payload of a ping at most, in bytes (RFC 6455 section 5.5). */
const maxPingBytes = 125

/** Checks what the schema of a plan does not say. @returns nothing for a plan that can run. */
export function checkPlan(plan: ServerPlan): PlanProblem[] {
  const check = new PlanCheck()
  check.paths('routes', plan.routes)
  check.paths('plain', plan.plain)
  plan.routes.forEach((route, index) => check.route(route, ['routes', index]))
  if (plan.otherPaths.kind === 'answer') check.answer(plan.otherPaths, ['otherPaths'])
  plan.plain.forEach(({ answer }, index) => {
    if (answer.kind === 'fixed') check.answer(answer, ['plain', index, 'answer'])
  })
  return check.problems
}

type Place = PlanProblem['path']

class PlanCheck {
  readonly problems: PlanProblem[] = []

  paths(list: 'routes' | 'plain', routes: readonly { readonly path: string }[]): void {
    const seen = new Map<string, number>()
    routes.forEach(({ path }, index) => {
      const place = [list, index, 'path']
      const problem = checkPath(path)
      if (problem) return this.#add(place, problem.message, problem.offset)
      // Parameters fit the same paths whatever they are called.
      const shape = path.replaceAll(/\/:[^/]+/g, '/:')
      const other = seen.get(shape)
      if (other === undefined) seen.set(shape, index)
      else
        this.#add(
          place,
          `${path} fits the same paths as number ${other + 1} of the list, which comes first. ` +
            'Change one of them or remove it.',
        )
    })
  }

  route(route: Route, place: Place): void {
    const parameters = parametersOf(route.path)
    this.#template(route.greeting, parameters, false, [...place, 'greeting'])
    route.behaviours.forEach((behaviour, index) =>
      this.#behaviour(behaviour, parameters, [...place, 'behaviours', index]),
    )
    const { accepted } = route.protocols
    accepted.forEach((name, index) => {
      const at = [...place, 'protocols', 'accepted', index]
      if (!isToken(name)) this.#add(at, `The subprotocol ${JSON.stringify(name)} ${tokenRule}`)
      else if (accepted.indexOf(name) < index)
        this.#add(at, `The subprotocol ${name} is named twice. Remove one of them.`)
    })
    route.requires.forEach((requirement, index) => {
      if (requirement.in === 'header') this.#header(requirement, [...place, 'requires', index])
    })
  }

  answer({ headers }: Pick<HttpAnswer, 'headers'>, place: Place): void {
    headers.forEach((header, index) => this.#header(header, [...place, 'headers', index]))
  }

  #header({ name, value }: { readonly name: string; readonly value: string }, place: Place): void {
    if (name === '') this.#add([...place, 'name'], 'A header has no name. Name it or remove it.')
    else if (!isToken(name))
      this.#add([...place, 'name'], `The header name ${JSON.stringify(name)} ${tokenRule}`)
    const offset = badValueAt(value)
    if (offset >= 0)
      this.#add([...place, 'value'], `The value of the header ${name} ${valueRule}`, offset)
  }

  #behaviour(behaviour: Behaviour, parameters: readonly string[], place: Place): void {
    if (behaviour.kind === 'rooms') this.#join(behaviour.join, parameters, [...place, 'join'])
    if (behaviour.kind === 'ticker')
      this.#template(behaviour.template, parameters, false, [...place, 'template'])
    if (behaviour.kind === 'script')
      behaviour.rules.forEach((rule, index) =>
        this.#rule(rule, parameters, [...place, 'rules', index]),
      )
  }

  #join(join: RoomJoin, parameters: readonly string[], place: Place): void {
    if (join.by === 'path' && !parameters.includes(join.parameter))
      this.#add(
        [...place, 'parameter'],
        parameters.length === 0
          ? `The path of the route has no parameter. End it with /:${join.parameter || 'room'}, or choose another way into a room.`
          : `The path of the route has no parameter “${join.parameter}”. Choose one of ${parameters.join(', ')}.`,
      )
    if (join.by === 'jsonpath') {
      const path = parsePlainPath(join.path)
      if (!path.ok) this.#add([...place, 'path'], path.message, path.offset)
    }
  }

  #rule({ on, steps }: ScriptRule, parameters: readonly string[], place: Place): void {
    if (on.kind === 'message') this.#match(on.match, [...place, 'on', 'match'])
    steps.forEach((step, index) =>
      this.#step(step, parameters, on.kind === 'message', [...place, 'steps', index]),
    )
  }

  #match(match: MessageMatch, place: Place): void {
    if (match.kind === 'regex') this.#regex(match, place)
    if (match.kind !== 'jsonpath') return
    const parsed = parseFilter(match.expression)
    const at = [...place, 'expression']
    if (!parsed.ok) return this.#add(at, parsed.problem.message, parsed.problem.start)
    const foreign = parsed.node === null ? { start: 0 } : notOfPath(parsed.node)
    if (foreign)
      this.#add(
        at,
        'Only tests of JSONPaths are possible here, such as $.type == "hello", joined with and, or and not.',
        foreign.start,
      )
  }

  #regex({ source, flags }: Extract<MessageMatch, { kind: 'regex' }>, place: Place): void {
    try {
      new RegExp('', flags)
    } catch {
      return this.#add(
        [...place, 'flags'],
        `“${flags}” are not flags of a regular expression. Each of i, m, s, u and v may stand once, and u and v not together.`,
      )
    }
    try {
      new RegExp(source, flags)
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      const reason = words.slice(words.lastIndexOf(': ') + 1).trim()
      this.#add([...place, 'source'], `The regular expression is not valid: ${reason}. Correct it.`)
    }
  }

  #step(step: ScriptStep, parameters: readonly string[], answers: boolean, place: Place): void {
    switch (step.kind) {
      case 'reply':
      case 'broadcast': {
        const at = [...place, 'template']
        const constant = this.#template(step.template, parameters, answers, at)
        if (step.as === 'text' || !constant) return
        const bytes = parseHex(step.template)
        if (!bytes.ok) this.#add(at, `${bytes.message} Write pairs such as 0a ff.`, bytes.offset)
        return
      }
      case 'ping':
        return this.#bytes(step.payload, maxPingBytes, 'The payload of a ping', [
          ...place,
          'payload',
        ])
      case 'close':
        if (!isSendableCloseCode(step.code))
          this.#add(
            [...place, 'code'],
            `${step.code} may not be sent. Choose 1000 to 1003, 1007 to 1014 or 3000 to 4999.`,
          )
        return this.#bytes(step.reason, maxCloseReasonBytes, 'The reason', [...place, 'reason'])
      default:
    }
  }

  #bytes(text: string, most: number, what: string, place: Place): void {
    const { length } = new TextEncoder().encode(text)
    if (length > most)
      this.#add(place, `${what} takes ${length} bytes; ${most} are possible. Shorten it.`)
  }

  /** @returns whether it is a template that never changes. */
  #template(text: string, names: readonly string[], answers: boolean, place: Place): boolean {
    const template = parseTemplate(text, serverScope(names, answers))
    if (!template.ok) this.#add(place, template.message, template.offset)
    return template.ok && isConstantTemplate(template.segments)
  }

  #add(path: Place, message: string, offset?: number): void {
    this.problems.push({ path, message, ...(offset !== undefined && { offset }) })
  }
}

/** The first part of a filter that looks at anything but JSON. */
function notOfPath(node: FilterNode): FilterNode | undefined {
  switch (node.kind) {
    case 'path':
      return undefined
    case 'not':
      return notOfPath(node.child)
    case 'and':
    case 'or':
      return node.children.map(notOfPath).find((found) => found !== undefined)
    default:
      return node
  }
}
