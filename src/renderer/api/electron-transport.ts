import type { Transport } from '@shared/transport'

/** The engine in the same app, over the preload bridge. The main process outlives every page. */
export function createElectronTransport(host: NonNullable<Window['host']>): Transport {
  return {
    call: (name, input) => host.call(name, input),
    on: (listener) => host.on(listener),
    onConnectedChange: () => () => {},
  }
}
