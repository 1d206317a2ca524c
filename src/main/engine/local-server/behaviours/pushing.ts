import type { BehaviourOf } from '@shared/model/server-route'
import type { BehaviourClient, BehaviourOptions, RunningBehaviour } from './behaviour'
import { OutgoingTemplate } from './outgoing-template'

/** Each client is sent a text when it opens; nothing for an empty one. */
export function runGreeting(text: string, { parameters }: BehaviourOptions): RunningBehaviour {
  if (text === '') return {}
  const template = new OutgoingTemplate(text, { parameters, answers: false, as: 'text' })
  return {
    opened(client, isNew = true) {
      if (isNew) push(client, template)
    },
  }
}

/** Each client is sent a text again and again, for the first time after one interval. */
export function runTicker(
  { interval, template: text }: BehaviourOf<'ticker'>,
  { parameters }: BehaviourOptions,
): RunningBehaviour {
  const template = new OutgoingTemplate(text, { parameters, answers: false, as: 'text' })
  const timers = new Map<number, NodeJS.Timeout>()
  return {
    opened(client) {
      timers.set(
        client.id,
        setInterval(() => push(client, template), interval),
      )
    },
    gone({ id }) {
      clearInterval(timers.get(id))
      timers.delete(id)
    },
    stop() {
      for (const timer of timers.values()) clearInterval(timer)
      timers.clear()
    },
  }
}

function push(client: BehaviourClient, template: OutgoingTemplate): void {
  const filled = template.fill(client, null)
  if (filled.ok) client.send(template.opcode, filled.bytes)
}
