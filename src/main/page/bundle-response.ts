import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Theme } from '@shared/model/settings'
import { findBundleFile, mimeType } from './bundle-files'
import { createNonce, securityHeaders } from './content-security-policy'
import { renderIndex } from './index-page'

/** An answer that either host hands to its page. */
export interface PageResponse {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: Uint8Array
}

/**
 * Answers a GET for a file of the built page.
 * @param root Folder of the built page.
 * @param urlPath Path as it stood in the request, still percent-encoded.
 * @returns 200 with the file, or 404; always with the security headers.
 */
export async function bundleResponse(
  root: string,
  urlPath: string,
  { theme }: { readonly theme: Theme },
): Promise<PageResponse> {
  const file = await findBundleFile(root, urlPath)
  if (file === null) return textResponse(404, 'Not found\n')
  const nonce = createNonce()
  const content = await readFile(file)
  const isPage = extname(file) === '.html'
  return {
    status: 200,
    headers: { ...securityHeaders(nonce), 'Content-Type': mimeType(file) },
    body: isPage ? Buffer.from(renderIndex(content.toString('utf8'), { nonce, theme })) : content,
  }
}

/** A short plain answer, such as a refusal, with the same headers as the page. */
export function textResponse(status: number, text: string): PageResponse {
  return {
    status,
    headers: { ...securityHeaders(createNonce()), 'Content-Type': mimeType('answer.txt') },
    body: Buffer.from(text),
  }
}
