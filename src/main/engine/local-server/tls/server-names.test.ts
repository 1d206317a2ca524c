import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { serverNames } from './server-names'

const address = (text: string, internal = false) =>
  ({ address: text, internal }) as NetworkInterfaceInfo

describe('serverNames', () => {
  it('has loopback, the name of the machine, with and without its domain, and its addresses', () => {
    const interfaces = {
      lo: [address('127.0.0.1', true), address('::1', true)],
      eth0: [address('192.0.2.7'), address('2001:db8::7'), address('fe80::7%eth0')],
      wlan0: [address('192.0.2.7')],
    }

    expect(serverNames('Bench.lab.example', interfaces)).toEqual({
      dns: ['localhost', 'bench.lab.example', 'bench.local'],
      ip: ['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7', 'fe80::7'],
    })
  })

  it('leaves out a name that no certificate can hold, and names nothing twice', () => {
    expect(serverNames('Anna’s PC', {}).dns).toEqual(['localhost'])
    expect(serverNames('localhost.local', {}).dns).toEqual(['localhost', 'localhost.local'])
  })
})
