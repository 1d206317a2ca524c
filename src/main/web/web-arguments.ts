import { resolve } from 'node:path'
import { parseArgs } from 'node:util'

/** Beside the local server's 8765, and never offered by it as the next free one. */
export const defaultPort = 8764

export interface WebArguments {
  /** `null` when none was asked for: then the default port, or any free one. */
  readonly port: number | null
  readonly open: boolean
  /** `null` for the platform's usual place. */
  readonly dataFolder: string | null
  /** Folders that local servers may serve. */
  readonly allowedFolders: readonly string[]
}

/** @throws {Error} with a sentence for the user when an argument is not understood. */
export function parseWebArguments(args: readonly string[]): WebArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string' },
      'no-open': { type: 'boolean', default: false },
      data: { type: 'string' },
      'allow-dir': { type: 'string', multiple: true, default: [] },
    },
  })
  return {
    port: values.port === undefined ? null : parsePort(values.port),
    open: !values['no-open'],
    dataFolder: values.data === undefined ? null : resolve(values.data),
    allowedFolders: values['allow-dir'].map((path) => resolve(path)),
  }
}

function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new Error(`--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`)
  return Number(text)
}
