import type { Preset } from '@shared/model/local-server'

/** Which clients a message goes to, by what its sender is to them. */
export interface PresetRule {
  /** As a row of the log says it. */
  readonly words: string
  readonly toSender: boolean
  readonly toOthers: boolean
}

/** What the server does with a message; it goes out as the type it came in as. */
export const presetRules: Readonly<Record<Preset, PresetRule>> = {
  echo: { words: 'Echo: messages go back to their sender', toSender: true, toOthers: false },
  broadcast: { words: 'Broadcast: messages go to all clients', toSender: true, toOthers: true },
  relay: {
    words: 'Relay: messages go to all clients but their sender',
    toSender: false,
    toOthers: true,
  },
}
