import { describe, expect, it } from 'vitest'
import { AppError } from '@shared/errors'
import { checkClose } from './close-check'

function failure(code?: number, reason?: string): AppError | null {
  try {
    checkClose(code, reason)
    return null
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
}

describe('checkClose', () => {
  it.each([undefined, 1000, 1001, 1003, 1007, 1014, 3000, 4999])('accepts %s', (code) => {
    expect(failure(code)).toBeNull()
  })

  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535, 1000.5])(
    'refuses %d and says what can be sent',
    (code) => {
      expect(failure(code)).toMatchObject({ code: 'CLOSE_CODE_INVALID', details: { code } })
      expect(failure(code)?.message).toContain('1000 to 1003, 1007 to 1014 and 3000 to 4999')
    },
  )

  it('measures the reason in bytes of UTF-8', () => {
    expect(failure(1000, 'x'.repeat(123))).toBeNull()
    expect(failure(1000, 'é'.repeat(61))).toBeNull()
    expect(failure(1000, 'é'.repeat(62))).toMatchObject({
      code: 'CLOSE_REASON_TOO_LONG',
      details: { bytes: 124, limit: 123 },
    })
  })
})
