import type { Measure } from '../measurement'
import { capture } from './capture'
import { commandTimes } from './commands'
import { echo } from './echo'
import { filterScans } from './filter-scans'
import { liveFilter } from './live-filter'
import { loopDelay } from './loop-delay'
import { memory } from './memory'
import { openCapture } from './open-capture'
import { server } from './server'

/** In the order of the table. Each has a file of its own; a new one is added here. */
export const measures: readonly Measure[] = [
  capture,
  liveFilter,
  loopDelay,
  commandTimes,
  memory,
  echo,
  server,
  openCapture,
  filterScans,
]
