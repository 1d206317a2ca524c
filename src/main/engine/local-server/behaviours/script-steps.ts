import type { ScriptStep } from '@shared/model/server-route'
import type { TemplateMessage } from '@shared/model/template-message'
import type { BehaviourClient, BehaviourOptions, RouteHost } from './behaviour'
import { OutgoingTemplate } from './outgoing-template'

/** What a step does at once, or how long it waits, in milliseconds. */
export type RunnableStep =
  number | ((client: BehaviourClient, message: TemplateMessage | null) => void)

export interface RunnableSteps {
  readonly steps: readonly RunnableStep[]
  /** Whether one of them takes the message that is answered. */
  readonly usesMessage: boolean
}

/** @param answers whether they answer a message, which templates may then take. */
export function compileSteps(
  steps: readonly ScriptStep[],
  answers: boolean,
  host: RouteHost,
  { parameters }: BehaviourOptions,
): RunnableSteps {
  let usesMessage = false
  const compile = (step: ScriptStep): RunnableStep => {
    switch (step.kind) {
      case 'wait':
        return step.milliseconds
      case 'ping': {
        const payload = new TextEncoder().encode(step.payload)
        return (client) => client.ping(payload)
      }
      case 'close':
        return (client) => client.close(step.code, step.reason)
      case 'terminate':
        return (client) => client.terminate()
      default: {
        const { as } = step
        const template = new OutgoingTemplate(step.template, { parameters, answers, as })
        usesMessage ||= template.usesMessage
        return sender(template, step.kind === 'broadcast' ? host.clients : null, host)
      }
    }
  }
  return { steps: steps.map(compile), usesMessage }
}

function sender(
  template: OutgoingTemplate,
  everybody: RouteHost['clients'] | null,
  { note }: RouteHost,
): RunnableStep {
  return (client, message) => {
    const filled = template.fill(client, message)
    if (!filled.ok)
      return note(
        client.id,
        `A message of the script was not sent: filled in, it is not hex. ${filled.message}`,
      )
    for (const receiver of everybody?.() ?? [client]) receiver.send(template.opcode, filled.bytes)
  }
}
