import {
  defaultServerConfig,
  type ServerConfig,
  type ServerProfile,
} from '@shared/model/local-server'
import { planOf, type Preset } from '@shared/model/server-presets'
import type { Route, ServerPlan } from '@shared/model/server-route'

/** The plan of a preset, something of its routes changed. */
export function planWith(preset: Preset, change: Partial<Route> = {}): ServerPlan {
  const plan = planOf(preset)
  return { ...plan, routes: plan.routes.map((route) => ({ ...route, ...change })) }
}

/** A server on a free port. */
export function serverProfile(change: Partial<ServerConfig> = {}): ServerProfile {
  const config = { ...defaultServerConfig(), port: 0, ...change }
  return { id: 'server', name: 'Local server', autostart: false, config }
}
