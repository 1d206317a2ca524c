import { planInWords } from '@shared/model/plan-words'
import { presetOf, presets, type Preset } from '@shared/model/server-presets'
import type { ServerPlan } from '@shared/model/server-route'

const words: Readonly<Record<Preset, { readonly name: string; readonly explanation: string }>> = {
  echo: {
    name: 'Echo',
    explanation: 'Every message goes back to the client that sent it.',
  },
  broadcast: {
    name: 'Broadcast (to all)',
    explanation: 'Every message goes to all clients, the sender included.',
  },
  relay: {
    name: 'Relay (to all but the sender)',
    explanation: 'Every message goes to all other clients, as in a chat room.',
  },
  ticker: {
    name: 'Ticker',
    explanation: 'Each client is sent the time every 5 seconds; what it sends is logged.',
  },
  http: {
    name: 'HTTP + WebSocket',
    explanation:
      'A plain GET answers “hello world”; clients of /chat are sent the time every 5 seconds.',
  },
  endpoints: {
    name: 'Two endpoints, one port',
    explanation:
      'Clients of /chat and of /chat2 are sent the time every 5 seconds, each by a route of its own; sockets that ask for any other path are destroyed.',
  },
}

/** What a plan is called that was edited. It is shown, but there is nothing to choose. */
export const custom = 'custom'

/** The choices for a plan that is a preset, and for one that is none. */
export function presetOptions(
  plan: ServerPlan,
): { readonly value: Preset | typeof custom; readonly label: string }[] {
  const options = presets.map((value) => ({ value, label: words[value].name }))
  return presetOf(plan) === null ? [{ value: custom, label: 'Custom' }, ...options] : options
}

export function presetName(preset: Preset): string {
  return words[preset].name
}

export function explainPlan(plan: ServerPlan): string {
  const preset = presetOf(plan)
  return preset === null ? planInWords(plan) : words[preset].explanation
}
