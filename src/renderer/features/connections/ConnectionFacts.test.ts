import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { neverConnected, type Connection } from '@shared/model/connection'
import { openConnection } from '../../../../test/fakes/connection'
import ConnectionFacts from './ConnectionFacts.vue'

const facts = (part: Partial<Connection>, unsaved = false) =>
  mount(ConnectionFacts, { props: { connection: openConnection(part), unsaved } })

const status = (part: Partial<Connection>) => facts(part).get('[role=status]')

describe('ConnectionFacts', () => {
  it.each([
    ['connecting', 'Connecting0'],
    ['open', 'Open1'],
    ['closing', 'Closing2'],
    ['closed', 'Closed3'],
  ] as const)('names the state %s with its number', (phase, text) => {
    const element = status({ state: { ...neverConnected(), phase, since: 0 } })
    expect(element.attributes('aria-label')).toBe('Connection state')
    expect(element.text().replace(/\s/g, '')).toBe(text)
  })

  it('keeps the running clock out of the announced state', () => {
    const since = Date.now() - 751_000
    const wrapper = facts({ state: { ...neverConnected(), phase: 'open', since } })
    expect(wrapper.text()).toMatch(/00:12:3[12]/)
    expect(wrapper.get('[role=status]').text()).not.toContain(':')
  })

  it('says how a connection ended, and by whom, with the reason escaped', () => {
    const close = { code: 1011, reason: 'shard\u202elost', by: 'peer', clean: true } as const
    const text = facts({ state: { ...neverConnected(), since: 0, close } }).text()
    expect(text).toContain('1011 Internal error')
    expect(text).toContain('“shard\\u{202e}lost”')
    expect(text).toContain('by the server, clean')
  })

  it('counts down to the next attempt', () => {
    const state = { ...neverConnected(), since: 0, attempt: 2, nextAttemptAt: Date.now() + 3_900 }
    expect(facts({ state }).text()).toMatch(/attempt\s*2.*next in\s*4 s/)
  })

  it('says that changes are not saved', () => {
    expect(facts({}, true).text()).toContain('Unsaved changes')
    expect(facts({}).text()).not.toContain('Unsaved changes')
  })
})
