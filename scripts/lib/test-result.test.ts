import { describe, expect, it } from 'vitest'
import {
  checkResult,
  playwrightResult,
  skippedResult,
  sumOf,
  vitestResult,
  withVerdict,
} from './test-result.mjs'

const vitest = {
  testResults: [
    {
      name: 'a.test.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { fullName: 'works', status: 'passed', failureMessages: [] },
        { fullName: 'breaks', status: 'failed', failureMessages: ['\u001b[31mno\u001b[39m'] },
        { fullName: 'waits', status: 'todo', failureMessages: [] },
        { fullName: 'rests', status: 'pending', failureMessages: [] },
      ],
    },
    { name: 'b.test.ts', status: 'failed', message: 'Cannot be loaded', assertionResults: [] },
  ],
}

const spec = (title: string, status: string, message?: string) => ({
  title,
  tests: [{ status, results: [{ errors: message ? [{ message }] : [] }] }],
})

const playwright = {
  errors: [],
  suites: [
    {
      title: 'a.spec.ts',
      specs: [spec('opens', 'expected')],
      suites: [
        { title: 'inside', specs: [spec('breaks', 'unexpected', 'no'), spec('rests', 'skipped')] },
      ],
    },
  ],
}

describe('vitestResult', () => {
  it('counts tests, and a file that could not be run as a failure', () => {
    expect(vitestResult(vitest)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 2,
      failures: [
        { name: 'a.test.ts > breaks', message: 'no' },
        { name: 'b.test.ts', message: 'Cannot be loaded' },
      ],
    })
  })
})

describe('playwrightResult', () => {
  it('counts tests at every depth', () => {
    expect(playwrightResult(playwright)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 1,
      failures: [{ name: 'a.spec.ts > inside > breaks', message: 'no' }],
    })
  })

  it('counts a test that passed only when repeated as a failure', () => {
    const suites = [{ title: 'a', specs: [spec('flickers', 'flaky')] }]
    expect(playwrightResult({ suites }).failed).toBe(1)
  })

  it('counts an error outside of any test', () => {
    expect(playwrightResult({ errors: [{ message: 'no' }], suites: [] }).failed).toBe(1)
  })
})

describe('skippedResult', () => {
  it('counts every test as skipped and none as passed', () => {
    expect(skippedResult(playwright, 'no display')).toEqual({
      passed: 0,
      failed: 0,
      skipped: 3,
      failures: [],
      note: 'no display',
    })
  })
})

describe('withVerdict', () => {
  it('fails a suite that ran no test, even when its tool is content', () => {
    const result = withVerdict(vitestResult({ testResults: [] }), 'unit', true, '')
    expect(result).toMatchObject({ passed: 0, failed: 1 })
  })

  it('fails a suite whose tests were all skipped', () => {
    const suites = [{ title: 'a', specs: [spec('rests', 'skipped')] }]
    expect(withVerdict(playwrightResult({ suites }), 'e2e', true, '').failed).toBe(1)
  })

  it('fails a suite whose tool ended badly although every test passed', () => {
    const suites = [{ title: 'a', specs: [spec('opens', 'expected')] }]
    const result = withVerdict(
      playwrightResult({ suites }),
      'e2e',
      false,
      'An error was not caught',
    )
    expect(result).toMatchObject({ passed: 1, failed: 1 })
    expect(result.failures).toEqual([{ name: 'e2e', message: 'An error was not caught' }])
  })

  it('counts a failure once', () => {
    expect(withVerdict(playwrightResult(playwright), 'e2e', false, '').failed).toBe(1)
  })
})

describe('sumOf', () => {
  it('adds counts and failures', () => {
    const sum = sumOf([checkResult('lint', true, ''), checkResult('types', false, 'TS2322')])
    expect(sum).toEqual({
      passed: 1,
      failed: 1,
      skipped: 0,
      failures: [{ name: 'types', message: 'TS2322' }],
    })
  })
})
