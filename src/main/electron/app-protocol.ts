import { protocol } from 'electron'
import type { Theme } from '@shared/model/settings'
import { bundleResponse, textResponse, type PageResponse } from '../page/bundle-response'
import { isOwnAddress, pageScheme, pageUrl } from './page-address'

/** Must run before the app is ready: afterwards Chromium takes no new standard schemes. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ])
}

/** Serves the built page, and nothing outside `root`, under `app://bundle/`. */
export function serveApp(root: string, theme: () => Theme): void {
  protocol.handle(pageScheme, async (request) => {
    const answer = await answerRequest(root, request, theme())
    return new Response(new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers,
    })
  })
}

function answerRequest(
  root: string,
  { method, url }: Request,
  theme: Theme,
): PageResponse | Promise<PageResponse> {
  if (method !== 'GET') return textResponse(405, 'Only GET is answered\n')
  if (!isOwnAddress(url, pageUrl)) return textResponse(404, 'Not found\n')
  return bundleResponse(root, new URL(url).pathname, { theme })
}
