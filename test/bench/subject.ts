import { commandsUnderFlood } from './subjects/commands-under-flood'
import { echoBare, echoEngine } from './subjects/echo'
import { floodBare, floodEngine } from './subjects/flood'
import { memoryPerMessage } from './subjects/memory-per-message'
import { openCapture } from './subjects/open-capture'
import { servedBare, servedEngine } from './subjects/served'
import { broadcastLoad, echoLoad, idleLoad } from './subjects/server-load'
import { soak } from './subjects/soak'

/**
 * Runs as a process of its own, once per measurement, so that nothing of one is left for the next.
 * Arguments: the subject and its input as JSON. It reports its result and ends.
 */

const subjects: Readonly<Record<string, (input: never) => Promise<unknown>>> = {
  floodBare,
  floodEngine,
  commandsUnderFlood,
  memoryPerMessage,
  echoBare,
  echoEngine,
  openCapture,
  servedBare,
  servedEngine,
  echoLoad,
  broadcastLoad,
  idleLoad,
  soak,
}

const [name = '', input = 'null'] = process.argv.slice(2)
const subject = subjects[name]
if (!subject) throw new Error(`There is no subject ${name}`)
process.send?.({ result: await subject(JSON.parse(input) as never) })
process.disconnect()
