import { describe, expect, it } from 'vitest'
import { rankMatches } from './rank-matches'

const entries = [
  { title: 'Go to settings', group: 'Framescope' },
  { title: 'New connection', group: 'Connection' },
  { title: 'Connect or disconnect', group: 'Connection' },
]
const titles = (query: string) => rankMatches(entries, query).map(({ title }) => title)

describe('rankMatches', () => {
  it('keeps everything in order without a query', () => {
    expect(titles('  ')).toEqual(entries.map(({ title }) => title))
  })

  it('puts titles that start with the query first', () => {
    expect(titles('conn')).toEqual(['Connect or disconnect', 'New connection'])
  })

  it('wants every word, in the title or the group', () => {
    expect(titles('new connection')).toEqual(['New connection'])
    expect(titles('framescope go')).toEqual(['Go to settings'])
    expect(titles('new settings')).toEqual([])
  })
})
