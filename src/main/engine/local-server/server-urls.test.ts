import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { serverUrls } from './server-urls'

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '',
  cidr: null,
})

const ipv6 = (address: string, scopeid: number): NetworkInterfaceInfo => ({
  address,
  internal: false,
  family: 'IPv6',
  netmask: '',
  mac: '',
  cidr: null,
  scopeid,
})

const machine = {
  lo: [ipv4('127.0.0.1', true)],
  eth0: [ipv6('2001:db8::1', 0), ipv4('192.0.2.7'), ipv6('fe80::1', 2)],
}

describe('serverUrls', () => {
  it('names only the loopback interface unless all are listened on', () => {
    expect(serverUrls(80, { allInterfaces: false, ipv6: false }, machine)).toEqual([
      'ws://127.0.0.1:80',
    ])
  })

  it('names the addresses of the machine, those that need an interface left out', () => {
    expect(serverUrls(80, { allInterfaces: true, ipv6: true }, machine)).toEqual([
      'ws://127.0.0.1:80',
      'ws://192.0.2.7:80',
      'ws://[2001:db8::1]:80',
    ])
    expect(serverUrls(80, { allInterfaces: true, ipv6: false }, machine)).toEqual([
      'ws://127.0.0.1:80',
      'ws://192.0.2.7:80',
    ])
  })
})
