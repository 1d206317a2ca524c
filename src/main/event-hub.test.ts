import { expect, it, vi } from 'vitest'
import { EventHub } from './event-hub'

const payload = { command: 'a' }

it('tells every listener, also when one of them throws', () => {
  const onDefect = vi.fn()
  const hub = new EventHub(onDefect)
  const listener = vi.fn()
  const defect = new Error('broke')
  hub.on(() => {
    throw defect
  })
  hub.on(listener)
  hub.emit('menu.chosen', payload, 'one')
  expect(listener).toHaveBeenCalledWith({ clientId: 'one', name: 'menu.chosen', payload })
  expect(onDefect).toHaveBeenCalledWith(defect)
})

it('ends each addition of the same listener by itself', () => {
  const hub = new EventHub(vi.fn())
  const listener = vi.fn()
  const stop = hub.on(listener)
  hub.on(listener)
  stop()
  stop()
  hub.emit('menu.chosen', payload)
  expect(listener).toHaveBeenCalledOnce()
})

it('tells nothing once it is closed', () => {
  const hub = new EventHub(vi.fn())
  const listener = vi.fn()
  hub.on(listener)
  hub.close()
  hub.emit('menu.chosen', payload)
  expect(listener).not.toHaveBeenCalled()
})
