import { expect, it } from 'vitest'
import { causeInWords, systemCode, unwritable } from './file-failure'

it('says why a file cannot be written, also when that was said before', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  const told = unwritable('/data/file', full)
  expect(systemCode(told)).toBe('ENOSPC')
  expect(causeInWords(told)).toBe('the disk is full')
})
