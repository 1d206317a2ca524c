import type { DataOpcode } from '@shared/model/connection'
import type { BehaviourOf, MessageMatch, ScriptRule } from '@shared/model/server-route'
import { TemplateMessage } from '@shared/model/template-message'
import type { BehaviourClient, BehaviourOptions, RouteHost, RunningBehaviour } from './behaviour'
import { noRule } from './match-messages'
import { MatchThread, type AskedMessage, type MatchListener } from './match-thread'
import { compileMatch, mayHang, TestedMessage, type MessageTest } from './message-match'
import { ownCopy } from './own-copy'
import { mostWaiting, ScriptClient, type Occasion } from './script-client'
import { compileSteps, type RunnableSteps } from './script-steps'

interface Rule extends RunnableSteps {
  readonly match: MessageMatch | null
  /** `null` where only the thread may test. */
  readonly test: MessageTest | null
  /** Whether it has nothing to do with messages, or no longer. */
  isOff: boolean
}

/** A message whose rule the thread finds. */
interface Asked extends AskedMessage {
  readonly owner: ScriptClient
  readonly occasion: Occasion
}

/** The first rule that fits acts, for each client in the order of its messages. */
export class Script implements RunningBehaviour {
  readonly #host: RouteHost
  readonly #rules: readonly Rule[]
  readonly #onOpen: RunnableSteps | undefined
  readonly #thread: MatchThread<Asked> | null
  readonly #clients = new Map<number, ScriptClient>()
  readonly #tested = new TestedMessage()

  /** @throws {Error} when something in it does not parse; `checkPlan` finds that out before. */
  constructor({ rules }: BehaviourOf<'script'>, host: RouteHost, options: BehaviourOptions) {
    this.#host = host
    this.#rules = rules.map((rule) => compileRule(rule, host, options))
    this.#onOpen = this.#rules[rules.findIndex(({ on }) => on.kind === 'open')]
    const first = this.#rules.findIndex(({ isOff, test }) => !isOff && test === null)
    // Earlier rules are tested here.
    const matches = this.#rules.map(({ match }, index) => (index < first ? null : match))
    this.#thread = first < 0 ? null : new MatchThread<Asked>(matches, this.#listener())
  }

  opened(client: BehaviourClient, isNew = true): void {
    this.#thread?.prepare()
    const { id } = client
    const owner = new ScriptClient(client, () =>
      this.#host.note(
        id,
        `${mostWaiting} messages of the client, or 64 MiB of them, wait for steps of the script. ` +
          'Further ones are passed over until all were dealt with.',
      ),
    )
    this.#clients.set(id, owner)
    if (isNew && this.#onOpen) owner.add({ steps: this.#onOpen.steps, message: null, size: 0 })
  }

  received({ id }: BehaviourClient, opcode: DataOpcode, payload: Uint8Array): void {
    const owner = this.#clients.get(id)
    if (!owner) return
    this.#tested.load(opcode, payload)
    const found = this.#firstRule()
    if (found === null || !owner.hasRoom()) return
    if (found !== 'unknown' && !found.usesMessage)
      return owner.add({ steps: found.steps, message: null, size: 0 })
    const copy = ownCopy(payload)
    const steps = found === 'unknown' ? undefined : found.steps
    const occasion = { steps, message: new TemplateMessage(copy), size: copy.length }
    owner.add(occasion)
    if (steps === undefined)
      this.#thread?.ask({ owner, occasion, isText: opcode === 'text', payload: copy })
  }

  gone({ id }: BehaviourClient): void {
    this.#clients.get(id)?.cancel()
    this.#clients.delete(id)
  }

  stop(): void {
    for (const owner of this.#clients.values()) owner.cancel()
    this.#clients.clear()
    this.#thread?.stop()
  }

  /** `null` when none fits, `unknown` when the thread has to say. */
  #firstRule(): Rule | 'unknown' | null {
    const tested = this.#tested
    for (const rule of this.#rules) {
      if (rule.isOff) continue
      if (rule.test === null) {
        if (tested.isText) return 'unknown'
      } else if (rule.test(tested)) return rule
    }
    return null
  }

  #listener(): MatchListener<Asked> {
    const { note } = this.#host
    return {
      decided: ({ owner, occasion }, rule) => {
        occasion.steps = rule === noRule ? [] : (this.#rules[rule]?.steps ?? [])
        owner.advance()
      },
      switchedOff: (index, { owner }, cause) => {
        const rule = this.#rules[index]
        if (!rule) return
        rule.isOff = true
        note(owner.client.id, switchedOffWords(index, rule.match, owner.client.id, cause))
      },
      failed: ({ owner }, error) =>
        note(
          owner.client.id,
          `Regular expressions of the script could not be tried: ${error.message} ` +
            'The next message tries them again.',
        ),
    }
  }
}

function compileRule({ on, steps }: ScriptRule, host: RouteHost, options: BehaviourOptions): Rule {
  const match = on.kind === 'message' ? on.match : null
  const test = match && compileMatch(match)
  return {
    ...compileSteps(steps, match !== null, host, options),
    match,
    test: match && mayHang(match) ? null : test,
    isOff: match === null,
  }
}

function switchedOffWords(
  index: number,
  match: MessageMatch | null,
  clientId: number,
  cause: number | Error,
): string {
  const expression =
    match?.kind === 'regex'
      ? `/${match.source}/${match.flags}`
      : match?.kind === 'jsonpath'
        ? match.expression
        : ''
  const reason =
    typeof cause === 'number'
      ? `took longer than ${cause} ms`
      : `ended its thread (${cause.message})`
  return (
    `Rule ${index + 1} of the script is switched off until the server starts again: ${expression} ` +
    `${reason} on a message of client ${clientId}. An expression without repetition inside ` +
    'repetition takes less time.'
  )
}
