import * as v from 'valibot'
import { ServerConfig, defaultServerConfig } from './local-server'

export const Theme = v.picklist(['system', 'dark', 'light'])
export type Theme = v.InferOutput<typeof Theme>

/** Height of a traffic row: 20, 24 or 28 px. */
export const Density = v.picklist(['compact', 'regular', 'comfortable'])
export type Density = v.InferOutput<typeof Density>

export const TimeDisplay = v.picklist(['clock', 'relative', 'delta'])
export type TimeDisplay = v.InferOutput<typeof TimeDisplay>

/** What lasts between runs and belongs to no connection. */
export const Settings = v.strictObject({
  theme: Theme,
  density: Density,
  timeDisplay: TimeDisplay,
  /** Sizes of panes, in percent, by the name of the pane group. */
  panes: v.record(v.pipe(v.string(), v.maxLength(50)), v.array(v.number())),
  /** Bytes each connection's log may hold before its oldest rows are evicted. */
  logBudget: v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(1024 * 1024),
    v.maxValue(4 * 1024 * 1024 * 1024),
  ),
  /** The local server's last configuration. */
  server: ServerConfig,
})
export type Settings = v.InferOutput<typeof Settings>

export function defaultSettings(): Settings {
  return {
    theme: 'system',
    density: 'regular',
    timeDisplay: 'clock',
    panes: {},
    logBudget: 256 * 1024 * 1024,
    server: defaultServerConfig(),
  }
}
