import { parseArgs } from 'node:util'
import type { SoakInput } from './subjects/soak'
import { startFloodServer, startSubject } from './processes'

/**
 * Floods the engine for ten minutes and prints its memory every ten seconds:
 * `npm run soak -- --minutes 2`.
 */

/** Messages of one flood; when it has ended, the next one begins. */
const messages = 5_000_000

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error('--minutes must be a number above 0')

const server = await startFloodServer()
try {
  const input: SoakInput = { url: `ws://127.0.0.1:${server.port}/${messages}`, minutes }
  // Until the last flood has ended and the files are gone.
  const { result } = startSubject('soak', input, (minutes + 5) * 60_000)
  console.log(JSON.stringify(await result))
} finally {
  server.stop()
}
