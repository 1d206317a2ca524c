import type { Client } from '../../src/shared/client'
import type { FakeFrameEngine } from './fake-frame-engine'

let current: FakeFrameEngine | null = null

/** Puts a fake behind the module that takes the place of the renderer's `api/engine`. */
export function putEngine<Engine extends FakeFrameEngine>(fake: Engine): Engine {
  current = fake
  return fake
}

function client(): Client {
  if (!current) throw new Error('putEngine was not called.')
  return current.client
}

/** For `vi.mock('…/api/engine', () => import('…/fake-engine-module'))`. */
export const engine: Client = {
  call: (name, input) => client().call(name, input),
  on: (name, listener) => client().on(name, listener),
  onConnectedChange: (listener) => client().onConnectedChange(listener),
}
