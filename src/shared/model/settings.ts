import * as v from 'valibot'
import { DecodeChain } from './decode'
import { presets } from './server-presets'

export const Theme = v.picklist(['system', 'dark', 'light'])
export type Theme = v.InferOutput<typeof Theme>

/** Height of a traffic row: 20, 24 or 28 px. */
export const Density = v.picklist(['compact', 'regular', 'comfortable'])
export type Density = v.InferOutput<typeof Density>

export const TimeDisplay = v.picklist(['clock', 'relative', 'delta'])
export type TimeDisplay = v.InferOutput<typeof TimeDisplay>

/** Most connections whose decoders are remembered. */
export const mostDecoders = 200

/** A column of the traffic list. Columns are kept in the order they stand in. */
export const ColumnSetting = v.strictObject({
  id: v.pipe(v.string(), v.maxLength(30)),
  /** In pixels. */
  width: v.pipe(v.number(), v.safeInteger(), v.minValue(16), v.maxValue(4000)),
  shown: v.boolean(),
})
export type ColumnSetting = v.InferOutput<typeof ColumnSetting>

/** Bytes a log may hold unless told otherwise. */
export const defaultLogBudget = 1024 * 1024 * 1024

const FirstServer = v.strictObject({
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(65_535)),
  allInterfaces: v.boolean(),
  preset: v.picklist(presets),
  keepAlive: v.pipe(v.number(), v.minValue(0), v.maxValue(24 * 60 * 60 * 1000)),
  perMessageDeflate: v.boolean(),
})
export type FirstServer = v.InferOutput<typeof FirstServer>

/** What lasts between runs and belongs to no connection. */
export const Settings = v.strictObject({
  theme: Theme,
  density: Density,
  timeDisplay: TimeDisplay,
  /** Columns of the traffic list that were changed once; one that is missing stands where it began. */
  columns: v.pipe(v.array(ColumnSetting), v.maxLength(50)),
  /** Whether the rate over time is drawn above the traffic list. */
  timeline: v.boolean(),
  /** Sizes of panes, in percent, by the name of the pane group. */
  panes: v.record(v.pipe(v.string(), v.maxLength(50)), v.array(v.number())),
  /** Bytes each connection's log may hold before its oldest rows are evicted. */
  logBudget: v.pipe(
    v.number(),
    v.safeInteger(),
    v.minValue(1024 * 1024),
    v.maxValue(4 * 1024 * 1024 * 1024),
  ),
  /** What the one local server had when there were no several; the first of them is made of it. */
  server: FirstServer,
  /** Chains of decoders, by the type of message and the connection they were chosen for, latest last. */
  decoders: v.pipe(
    v.record(v.pipe(v.string(), v.maxLength(1000)), DecodeChain),
    v.maxEntries(mostDecoders),
  ),
})
export type Settings = v.InferOutput<typeof Settings>

export function defaultSettings(): Settings {
  return {
    theme: 'system',
    density: 'regular',
    timeDisplay: 'clock',
    columns: [],
    timeline: true,
    panes: {},
    logBudget: defaultLogBudget,
    server: {
      port: 8765,
      allInterfaces: false,
      preset: 'echo',
      keepAlive: 30_000,
      perMessageDeflate: false,
    },
    decoders: {},
  }
}
