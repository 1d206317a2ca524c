import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Refusal } from './say.mjs'
import { parseStartArguments } from './start-arguments.mjs'

describe('parseStartArguments', () => {
  it('leaves everything open by default', () => {
    expect(parseStartArguments([])).toEqual({
      help: false,
      host: undefined,
      port: undefined,
      open: true,
      data: undefined,
      allowed: [],
    })
  })

  it('takes every flag', () => {
    const args = [
      '--host',
      'web',
      '--port=0',
      '--no-open',
      '--data',
      '/tmp/x',
      '--allow-dir',
      '/tmp/a',
      '--allow-dir=/tmp/b',
      '--help',
    ]
    expect(parseStartArguments(args)).toEqual({
      help: true,
      host: 'web',
      port: '0',
      open: false,
      data: resolve('/tmp/x'),
      allowed: [resolve('/tmp/a'), resolve('/tmp/b')],
    })
  })

  it.each([
    ['--bad'],
    ['file'],
    ['--host'],
    ['--host', 'firefox'],
    ['--port', 'http'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--data', ''],
    ['--no-open=1'],
  ])('refuses %s %s with exit code 2 and one sentence', (...args) => {
    let refusal: unknown
    try {
      parseStartArguments(args)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ exitCode: 2 })
    expect((refusal as Error).message).not.toContain('\n')
  })
})
