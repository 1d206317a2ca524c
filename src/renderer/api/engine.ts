import { createClient, type Client } from '@shared/client'
import { createElectronTransport } from './electron-transport'
import { createWebTransport } from './web-transport'

/** The engine, whichever host this page runs in. The only place that knows there are two. */
export const engine: Client = createClient(
  window.host
    ? createElectronTransport(window.host)
    : createWebTransport(`ws://${window.location.host}/rpc`, takeToken()),
)

/** The token comes in the URL once and is kept for reloads of this tab, out of the address bar. */
function takeToken(): string {
  const fromUrl = new URLSearchParams(window.location.hash.slice(1)).get('token')
  if (fromUrl !== null) {
    window.sessionStorage.setItem('token', fromUrl)
    window.history.replaceState(null, '', window.location.pathname)
  }
  return window.sessionStorage.getItem('token') ?? ''
}
