import { AppError } from '@shared/errors'
import type { ServerConfig, ServerProfile } from '@shared/model/local-server'
import { parseDocument, serializeDocument } from './document-format'
import { serversFormat } from './server-store'

/** A server as a file brings it, without what only its owner may decide. */
export interface ImportedServer {
  readonly name: string
  readonly config: ServerConfig
  /** What the file had and is not taken over without being asked, in words. */
  readonly leftOut: readonly string[]
}

/** The text of a file with servers: a document as the app keeps them itself, its version included. */
export function exportServers(profiles: readonly ServerProfile[]): string {
  return serializeDocument(serversFormat, profiles)
}

/**
 * Reads a file with servers. A file is somebody else's: what reaches beyond this machine's loopback or
 * into its folders stays behind.
 * @throws {AppError} IMPORT_FAILED.
 */
export function importServers(text: string): ImportedServer[] {
  const parsed = parseDocument(serversFormat, text)
  if (parsed.outcome === 'newer')
    throw new AppError(
      'IMPORT_FAILED',
      `The file was written by a newer Framescope (format ${parsed.version}). Update this one to import it.`,
    )
  if (parsed.outcome === 'corrupt')
    throw new AppError('IMPORT_FAILED', `The file has no servers of Framescope: ${parsed.reason}.`)
  if (parsed.data.length === 0)
    throw new AppError('IMPORT_FAILED', 'The file has no servers in it.')
  return parsed.data.map(withoutReach)
}

function withoutReach({ name, autostart, config }: ServerProfile): ImportedServer {
  const leftOut: string[] = []
  if (config.allInterfaces) leftOut.push('listening on all interfaces')
  if (autostart) leftOut.push('starting with the app')
  const plain = config.plan.plain.map((route) => {
    if (route.answer.kind !== 'folder' || route.answer.folderId === null) return route
    leftOut.push(`the folder served at ${route.path}`)
    return { ...route, answer: { ...route.answer, folderId: null } }
  })
  const isOwn = config.tls.mode === 'own' && config.tls.certificateId !== null
  if (isOwn) leftOut.push('its certificate')
  const tls = isOwn ? ({ mode: 'own', certificateId: null } as const) : config.tls
  return {
    name,
    config: { ...config, allInterfaces: false, tls, plan: { ...config.plan, plain } },
    leftOut,
  }
}
