import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseWebArguments } from './web-arguments'

describe('parseWebArguments', () => {
  it('leaves port and folder open by default', () => {
    expect(parseWebArguments([])).toEqual({
      port: null,
      open: true,
      dataFolder: null,
      allowedFolders: [],
    })
  })

  it('takes port, folder and --no-open', () => {
    expect(
      parseWebArguments([
        '--port',
        '0',
        '--no-open',
        '--data',
        'here',
        '--allow-dir',
        'a',
        '--allow-dir',
        'b',
      ]),
    ).toEqual({
      port: 0,
      open: false,
      dataFolder: resolve('here'),
      allowedFolders: [resolve('a'), resolve('b')],
    })
  })

  it.each(['-1', '65536', 'http', '', '1e3', '0x10'])('refuses the port %j', (port) => {
    expect(() => parseWebArguments([`--port=${port}`])).toThrow(/--port takes a number/)
  })

  it.each([['--help-me'], ['file.txt']])('refuses %s', (argument) => {
    expect(() => parseWebArguments([argument])).toThrow()
  })
})
