import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { firstSentence, Refusal } from './say.mjs'

export const usage = `Usage: npm start -- [options]

  --host electron|web  where to open: a window of its own, or the browser (default: electron
                       where it can run, else web)
  --port N             port of the browser host on 127.0.0.1; 0 picks a free one (default: 8764,
                       or a free one when that is taken)
  --no-open            do not open the browser
  --data DIR           where profiles, settings and captures live (default: the platform's usual
                       place)
  --allow-dir DIR      a folder that local servers may serve in the browser host; may be given
                       several times
  --help               show this`

/**
 * @param {string[]} args
 * @returns {{ help: boolean, host: 'electron' | 'web' | undefined, port: string | undefined,
 *   open: boolean, data: string | undefined, allowed: string[] }}
 * @throws {Refusal} with exit code 2 when an argument is not understood.
 */
export function parseStartArguments(args) {
  const values = parse(args)
  if (values.host !== undefined && values.host !== 'electron' && values.host !== 'web')
    throw new Refusal(`--host takes electron or web, not ${JSON.stringify(values.host)}.`, 2)
  if (values.port !== undefined && !(/^\d{1,5}$/.test(values.port) && Number(values.port) < 65_536))
    throw new Refusal(`--port takes a number from 0 to 65535, not "${values.port}".`, 2)
  if (values.data === '') throw new Refusal('--data takes a folder.', 2)
  return {
    help: values.help,
    host: values.host,
    port: values.port,
    open: !values['no-open'],
    data: values.data && fromHere(values.data),
    allowed: values['allow-dir'].map(fromHere),
  }
}

/** npm runs scripts in the repository; a folder is meant from where the user stands. */
const fromHere = (path) => resolve(process.env.INIT_CWD ?? '.', path)

function parse(args) {
  try {
    return parseArgs({
      args,
      options: {
        host: { type: 'string' },
        port: { type: 'string' },
        'no-open': { type: 'boolean', default: false },
        data: { type: 'string' },
        'allow-dir': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (error) {
    throw new Refusal(`${firstSentence(error)}. --help lists what there is.`, 2)
  }
}
