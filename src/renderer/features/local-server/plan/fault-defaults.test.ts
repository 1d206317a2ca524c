import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { Fault, faultWords } from '@shared/model/server-fault'
import { newFault } from './fault-defaults'
import { faultFields } from './fault-fields'
import { faultKinds, faultMenu } from './fault-kinds'
import { faultSummary } from './fault-summary'

describe('a new fault', () => {
  it.each(faultKinds)('is one that can be used: %s', (kind) => {
    const fault = newFault(kind, 'f1')
    expect(v.parse(Fault, fault)).toEqual(fault)
    expect(fault.enabled).toBe(true)
  })

  it.each(faultKinds)('has a field for each of its parameters: %s', (kind) => {
    const common = ['id', 'enabled', 'probability', 'count', 'kind', 'at', 'after']
    const own = Object.keys(newFault(kind, 'f1')).filter((key) => !common.includes(key))
    expect(faultFields[kind].map(({ key }) => key).sort()).toEqual(own.sort())
  })
})

describe('the menu of faults', () => {
  it('offers every fault of a route, group by group', () => {
    const groups = faultMenu(true)
    expect(groups.map(({ label }) => label)).toEqual([
      'Timing',
      'Messages',
      'Connection',
      'Handshake',
      'Protocol',
    ])
    expect(groups.flatMap(({ items }) => items)).toHaveLength(Object.keys(faultWords).length)
  })

  it('offers for a client only what can strike an open connection', () => {
    const kinds = faultMenu(false).flatMap(({ items }) => items.map(({ id }) => id))
    expect(kinds).toContain('delay')
    for (const kind of ['slow-handshake', 'refuse-after', 'limit', 'status', 'accept'])
      expect(kinds).not.toContain(kind)
  })
})

describe('the summary of a fault', () => {
  it('says what it does, how often and when', () => {
    const delay = {
      id: 'f1',
      enabled: true,
      probability: 0.5,
      count: 3,
      kind: 'delay',
      delay: 500,
      jitter: 'normal',
      spread: 100,
    } as const
    expect(faultSummary(delay)).toBe('500 ms ± 100 ms, 50 %, at most 3 times')
    expect(faultSummary({ ...delay, jitter: 'uniform', count: null })).toBe(
      '500 ms to 600 ms, 50 %',
    )
    expect(faultSummary(newFault('close', 'f1'))).toBe('1011, 1 s after opening, once')
    expect(faultSummary(newFault('masked', 'f1'))).toBe('on a message, once')
    expect(faultSummary({ ...newFault('drop', 'f1'), probability: 0.07 })).toBe('7 %')
  })

  it.each(faultKinds)('is text without gaps: %s', (kind) => {
    const parts = faultSummary(newFault(kind, 'f1')).split(', ')
    if (parts.join('') !== '') expect(parts).not.toContain('')
    expect(parts.join(' ')).not.toMatch(/undefined|NaN/)
  })
})
