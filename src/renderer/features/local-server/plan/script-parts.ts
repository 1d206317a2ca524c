import type { MessageMatch, ScriptRule, ScriptStep } from '@shared/model/server-route'
import type { MenuGroup } from './menu-group'

type StepKind = ScriptStep['kind']

export const stepWords: Readonly<Record<StepKind, { label: string; does: string }>> = {
  reply: { label: 'Reply', does: 'Sends a text or bytes to the client.' },
  broadcast: { label: 'Broadcast', does: 'Sends a text or bytes to every client of the route.' },
  wait: { label: 'Wait', does: 'Lets time pass before the next step.' },
  ping: { label: 'Ping', does: 'Sends the client a ping.' },
  close: { label: 'Close', does: 'Closes the connection with a code and a reason.' },
  terminate: { label: 'Terminate', does: 'Ends the TCP connection without a closing handshake.' },
}

export const stepMenu: readonly MenuGroup[] = [
  {
    label: '',
    items: Object.entries(stepWords).map(([id, { label, does }]) => ({ id, label, hint: does })),
  },
]

export function newStep(kind: StepKind): ScriptStep {
  switch (kind) {
    case 'reply':
    case 'broadcast':
      return { kind, template: '', as: 'text' }
    case 'wait':
      return { kind, milliseconds: 1000 }
    case 'ping':
      return { kind, payload: '' }
    case 'close':
      return { kind, code: 1000, reason: '' }
    case 'terminate':
      return { kind }
  }
}

export function newRule(id: string): ScriptRule {
  return { id, on: { kind: 'message', match: { kind: 'any' } }, steps: [newStep('reply')] }
}

/** When a rule acts, as one choice. */
export type RuleWhen = 'open' | MessageMatch['kind']

export const whenOptions: readonly { readonly value: RuleWhen; readonly label: string }[] = [
  { value: 'open', label: 'A client connects' },
  { value: 'any', label: 'Any message' },
  { value: 'text', label: 'Message with text' },
  { value: 'regex', label: 'Message fits regex' },
  { value: 'jsonpath', label: 'Message meets JSONPath' },
]

export function whenOf({ on }: Pick<ScriptRule, 'on'>): RuleWhen {
  return on.kind === 'open' ? 'open' : on.match.kind
}

/** What a rule is about after another choice; what was written before is taken along. */
export function ruleOn(when: RuleWhen, before: ScriptRule['on']): ScriptRule['on'] {
  if (when === 'open') return { kind: 'open' }
  return {
    kind: 'message',
    match: newMatch(when, before.kind === 'open' ? '' : textOf(before.match)),
  }
}

function newMatch(kind: MessageMatch['kind'], text: string): MessageMatch {
  switch (kind) {
    case 'any':
      return { kind }
    case 'text':
      return { kind, text: text || 'hello', whole: false }
    case 'regex':
      return { kind, source: text || '^hello', flags: '' }
    case 'jsonpath':
      return { kind, expression: text.startsWith('$') ? text : '$.type == "hello"' }
  }
}

function textOf(match: MessageMatch): string {
  switch (match.kind) {
    case 'any':
      return ''
    case 'text':
      return match.text
    case 'regex':
      return match.source
    case 'jsonpath':
      return match.expression
  }
}
