import type { IncomingMessage } from 'node:http'
import type { Failure, HeaderPair, Refusal } from '@shared/model/connection'

/** Most bytes of a refusal's body that are read. */
const bodyLimit = 64 * 1024

/** Longest time spent on reading it, in milliseconds. */
const bodyPatience = 2_000

/**
 * Reads what a server answered instead of 101: its body up to 64 KiB and for at most 2 s.
 * An abort ends it early, with what has come.
 */
export async function readRefusal(
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<Refusal> {
  const { body, cut } = await readBody(response, signal)
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: headerPairs(response),
    body: new TextDecoder().decode(body),
    bodyCut: cut,
  }
}

/** What a refusal means and what to try, by its status. */
export function describeRefusal({ status, statusText }: Refusal): Failure {
  const answer = statusText === '' ? String(status) : `${status} ${statusText}`
  return {
    step: 'handshake',
    code: String(status),
    message: `The server answered ${answer} instead of switching to WebSocket.`,
    hint: hintFor(status),
  }
}

/** A refusal as the text of a row: what happened, then the response. */
export function refusalText(refusal: Refusal): string {
  const failure = describeRefusal(refusal)
  const head = [
    `HTTP/1.1 ${refusal.status} ${refusal.statusText}`.trimEnd(),
    ...refusal.headers.map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  const body = refusal.bodyCut ? `${refusal.body}…` : refusal.body
  const words = [failure.message, failure.hint].filter((text) => text !== '').join('\n')
  return `${words}\n\n${head}\r\n\r\n${body}`
}

function hintFor(status: number): string {
  if (status === 200) return 'The URL leads to a page or another service; check the path.'
  if (status >= 300 && status < 400)
    return 'Follow redirects is off, or the answer names no usable place; use the final URL.'
  if (status === 400) return 'The server did not accept the request; its body may say why.'
  if (status === 401) return 'Credentials are missing or wrong; add an Authorization header.'
  if (status === 403)
    return 'Access is not permitted; the server may expect another Origin, a cookie or a token.'
  if (status === 404) return 'Nothing is served at this path; check the path.'
  if (status === 405) return 'The server does not take a GET here; check the path.'
  if (status === 407) return 'A proxy between asks for credentials.'
  if (status === 426)
    return 'The server asks for another protocol or version; see its Upgrade header.'
  if (status === 429) return 'There were too many requests; wait before the next attempt.'
  if (status >= 500)
    return 'The server or a gateway before it has a problem; its log may say which.'
  return ''
}

function readBody(
  response: IncomingMessage,
  signal: AbortSignal,
): Promise<{ body: Buffer; cut: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (cut: boolean) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve({ body: Buffer.concat(chunks).subarray(0, bodyLimit), cut })
    }
    const stop = () => finish(true)
    const timer = setTimeout(stop, bodyPatience)
    signal.addEventListener('abort', stop)
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > bodyLimit) finish(true)
    })
    response.on('end', () => finish(false))
    // A body that breaks off: what came before is shown.
    response.on('error', stop)
    response.on('close', () => finish(!response.complete))
    if (signal.aborted) stop()
  })
}

function headerPairs(response: IncomingMessage): HeaderPair[] {
  const pairs: HeaderPair[] = []
  const { rawHeaders } = response
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? ''])
  return pairs
}
