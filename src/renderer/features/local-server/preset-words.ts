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
}

/** The presets for a choice list. */
export const presetOptions = presets.map((value) => ({ value, label: words[value].name }))

export function explainPreset(preset: Preset): string {
  return words[preset].explanation
}
