import type { Theme } from '@shared/model/settings'

/** What the page must know before its first paint. */
export interface IndexPageOptions {
  /** The nonce of this response's Content-Security-Policy, for styles made at run time. */
  readonly nonce: string
  /** `system` leaves the choice to the style sheet's media query. */
  readonly theme: Theme
}

/**
 * Completes the built index.html, so that the first paint already has the right theme.
 * @throws {Error} when the page has no `<html>` or `<head>`.
 */
export function renderIndex(html: string, { nonce, theme }: IndexPageOptions): string {
  const withNonce = insertAfter(
    html,
    /<head(?=[\s>])[^>]*>/i,
    (tag) => `${tag}<meta name="csp-nonce" nonce="${nonce}">`,
  )
  if (theme === 'system') return withNonce
  return insertAfter(withNonce, /<html(?=[\s>])/i, (tag) => `${tag} data-theme="${theme}"`)
}

function insertAfter(html: string, place: RegExp, complete: (tag: string) => string): string {
  if (!place.test(html)) throw new Error(`The built index.html has no ${String(place)}`)
  return html.replace(place, complete)
}
