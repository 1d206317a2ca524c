import { app, type WebContents } from 'electron'
import { isOwnAddress } from './page-address'

/**
 * Keeps every window on the page it was opened with: no other address, no frames, no webviews, no
 * further windows. A reload stays possible.
 */
export function guardNavigation(own: string): void {
  app.on('web-contents-created', (_event, contents) => guardContents(contents, own))
}

function guardContents(contents: WebContents, own: string): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnAddress(event.url, own)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOwnAddress(event.url, own)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isOwnAddress(event.url, own)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
