import { describe, expect, it } from 'vitest'
import { runningServer, stoppedServer } from '../../../test/fakes/local-server'
import { reachOf } from './server-reach'

const open = { ...stoppedServer().config, allInterfaces: true }
const outside = ['ws://127.0.0.1:8765', 'ws://10.0.0.7:8765']

describe('reachOf', () => {
  it.each([
    ['stopped, for this machine only', stoppedServer(), 'never'],
    ['stopped, for all', stoppedServer({ config: open }), 'later'],
    ['running, for this machine only', runningServer(), 'never'],
    ['running, for all', runningServer({ config: open }), 'now'],
    ['opened while it runs', runningServer({ config: open, restartNeeded: true }), 'later'],
    ['shut while it runs', runningServer({ urls: outside, restartNeeded: true }), 'now'],
  ])('%s', (_, server, expected) => {
    expect(reachOf(server)).toBe(expected)
  })
})
