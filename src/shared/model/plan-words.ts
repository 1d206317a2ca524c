import { presetOf, type Preset } from './server-presets'
import type { ServerPlan } from './server-route'

/** What each preset does, as a row and the interface say it. */
export const presetWords: Readonly<Record<Preset, { name: string; does: string }>> = {
  echo: { name: 'Echo', does: 'messages go back to their sender' },
  broadcast: { name: 'Broadcast', does: 'messages go to all clients' },
  relay: { name: 'Relay', does: 'messages go to all clients but their sender' },
  ticker: {
    name: 'Ticker',
    does: 'each client is sent the time every 5 s, and messages are logged',
  },
  http: {
    name: 'HTTP + WebSocket',
    does: 'GET answers hello world, clients of /chat are sent the time every 5 s',
  },
  endpoints: {
    name: 'Two endpoints, one port',
    does: 'clients of /chat and of /chat2 are sent the time every 5 s',
  },
}

/** A plan in a line: its preset, or its routes with what each does. */
export function planInWords(plan: ServerPlan): string {
  const preset = presetOf(plan)
  if (preset) return `${presetWords[preset].name}: ${presetWords[preset].does}`
  if (plan.routes.length === 0) return 'No routes: every WebSocket is turned away'
  const routes = plan.routes.map(({ path, behaviours, faults }) => {
    const names = behaviours.map(({ kind }) => kind)
    const broken = faults.filter(({ enabled }) => enabled).length
    const odd = broken === 0 ? '' : broken === 1 ? ', 1 fault' : `, ${broken} faults`
    return `${path} ${names.length > 0 ? names.join(' + ') : 'silent'}${odd}`
  })
  return `Routes: ${routes.join('; ')}`
}
