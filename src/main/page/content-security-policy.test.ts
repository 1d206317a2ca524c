import { expect, it } from 'vitest'
import { contentSecurityPolicy, createNonce } from './content-security-policy'

it('allows what the page needs and nothing else', () => {
  expect(contentSecurityPolicy('abc')).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-abc'; img-src 'self' data:; " +
      "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
      "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types vue framescope",
  )
})

it('makes nonces of 128 bits that never repeat', () => {
  const nonces = new Set(Array.from({ length: 1000 }, createNonce))
  expect(nonces.size).toBe(1000)
  for (const nonce of nonces) expect(Buffer.from(nonce, 'base64')).toHaveLength(16)
})
