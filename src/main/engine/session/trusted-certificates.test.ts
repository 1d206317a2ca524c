import * as tls from 'node:tls'
import { describe, expect, it } from 'vitest'
import { trustedCertificates, trustedContext } from './trusted-certificates'

describe('trustedCertificates', () => {
  it("has Node's own certificates and those of the system, each once", () => {
    const trusted = new Set(trustedCertificates())
    expect(trusted.size).toBe(trustedCertificates().length)
    for (const certificate of tls.getCACertificates('bundled'))
      expect(trusted).toContain(certificate)
    for (const certificate of tls.getCACertificates('system'))
      expect(trusted).toContain(certificate)
    for (const certificate of tls.getCACertificates('extra')) expect(trusted).toContain(certificate)
  })

  it('is read once for all connections', () => {
    expect(trustedContext()).toBe(trustedContext())
  })
})
