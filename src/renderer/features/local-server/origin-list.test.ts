import { describe, expect, it } from 'vitest'
import { readOrigins } from './origin-list'

describe('readOrigins', () => {
  it('reads one a line, as a browser writes them', () => {
    const text = ' https://App.example/ \n\nhttp://localhost:5173\r\nnull\nhttps://app.example:443'
    expect(readOrigins(text)).toEqual({
      origins: ['https://app.example', 'http://localhost:5173', 'null'],
      error: '',
    })
  })

  it('takes schemes that are not of the web', () => {
    expect(readOrigins('chrome-extension://abcdef').origins).toEqual(['chrome-extension://abcdef'])
  })

  it.each(['app.example', 'https://app.example/path', 'https://', '*'])('refuses %s', (line) => {
    expect(readOrigins(`https://one.example\n${line}`)).toEqual({
      origins: [],
      error: `“${line}” is no origin such as https://app.example.`,
    })
  })

  it('refuses more than are kept', () => {
    const text = Array.from({ length: 101 }, (_, index) => `https://a${index}.example`).join('\n')
    expect(readOrigins(text).error).toBe('At most 100 origins.')
  })
})
