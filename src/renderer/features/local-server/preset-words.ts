import { presets, type Preset } from '@shared/model/local-server'

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
      'Clients of /chat and of /chat2 are sent the time every 5 seconds, each by a server of its own; sockets that ask for any other path are destroyed.',
  },
}

/** The presets for a choice list. */
export const presetOptions = presets.map((value) => ({ value, label: words[value].name }))

export function explainPreset(preset: Preset): string {
  return words[preset].explanation
}
