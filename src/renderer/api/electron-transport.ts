import type { Transport } from '@shared/transport'
import { plainCopy } from './plain-copy'

/** The engine in the same app, over the preload bridge. The main process outlives every page. */
export function createElectronTransport(host: NonNullable<Window['host']>): Transport {
  return {
    call: (name, input) => host.call(name, plainCopy(input)),
    on: (listener) => host.on(listener),
    onConnectedChange: () => () => {},
  }
}
