import type { CustomScheme, Protocol } from 'electron'
import { double } from '../double'
import { mustBeReady, mustNotBeReady } from './app'
import { link } from './machine'

type SchemeHandler = Parameters<Protocol['handle']>[1]

/** A request as the browser's process describes it. */
export interface SchemeRequest {
  readonly url: string
  readonly method: string
  readonly headers: Record<string, string>
}

export interface SchemeResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

const schemes = new Map<string, CustomScheme>()
const handlers = new Map<string, SchemeHandler>()

const members = {
  registerSchemesAsPrivileged(customSchemes: CustomScheme[]): void {
    mustNotBeReady('protocol.registerSchemesAsPrivileged')
    for (const scheme of customSchemes) schemes.set(scheme.scheme, scheme)
  },
  handle(scheme: string, handler: SchemeHandler): void {
    mustBeReady('protocol.handle')
    if (handlers.has(scheme))
      throw new Error(`Failed to register protocol: ${scheme} is handled already`)
    handlers.set(scheme, handler)
  },
} satisfies Partial<Protocol>

export const protocol = double('protocol', members)

/**
 * Why Chromium would not show this address, or `null` when it would. The stand-in maps a scheme to
 * https, which has an origin and is secure: it stands for a standard and secure scheme only.
 */
export function schemeProblem(url: string): string | null {
  const scheme = new URL(url).protocol.slice(0, -1)
  if (scheme === 'http' || scheme === 'https') return null
  if (!handlers.has(scheme)) return `ERR_UNKNOWN_URL_SCHEME (-302) loading '${url}'`
  const privileges = schemes.get(scheme)?.privileges
  return privileges?.standard === true && privileges.secure === true
    ? null
    : `the scheme ${scheme} is not registered as standard and secure`
}

link.answer('protocol.request', async (request: SchemeRequest): Promise<SchemeResponse> => {
  const handler = handlers.get(new URL(request.url).protocol.slice(0, -1))
  if (handler === undefined) throw new Error(`Nothing handles ${request.url}`)
  const response = await handler(
    new Request(request.url, { method: request.method, headers: request.headers }),
  )
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
  }
})
