import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { maxCertificateBytes } from '@shared/model/certificate'
import { openssl, opensslMissing } from '../../../../../test/support/openssl'
import { presentedCertificate } from './presented-certificate'
import { readCertificate } from './read-certificate'
import {
  createAuthority,
  createServerCertificate,
  type KeyedCertificate,
} from './signed-certificate'

const day = 24 * 60 * 60 * 1000
const year = { notBefore: Date.now() - day, notAfter: Date.now() + 365 * day }
const names = { dns: ['localhost', 'staging.example'], ip: ['127.0.0.1'] }
const passphrase = 'correct horse'

let authority: KeyedCertificate
let own: KeyedCertificate

beforeAll(async () => {
  authority = await createAuthority(year)
  own = await createServerCertificate(authority, names, year)
})

const utf8 = (text: string) => new TextEncoder().encode(text)
const read = (texts: readonly string[], secret: string | null = null) =>
  readCertificate(texts.map(utf8), secret)
const invalid = (problem: string) => ({ code: 'CERTIFICATE_INVALID', details: { problem } })

function encryptedKey(type: 'pkcs8' | 'sec1' = 'pkcs8'): string {
  const how = { type, format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  return createPrivateKey(own.key).export(how).toString()
}

describe('readCertificate of PEM', () => {
  it('reads certificate, chain and key in any order, in one file or several', async () => {
    const chain = authority.certificate + own.certificate
    const facts = {
      subject: 'CN=localhost',
      issuer: expect.stringMatching(/^CN=Framescope test CA/) as string,
      names: ['DNS:localhost', 'DNS:staging.example', 'IP Address:127.0.0.1'],
      notAfter: Math.floor(year.notAfter / 1000) * 1000,
    }

    for (const files of [
      [`Bag Attributes\n${own.key}${chain}`],
      [chain, own.key],
      [own.key, chain],
    ]) {
      const found = await read(files)
      expect(found).toMatchObject({ encrypted: false, facts })
      const presented = await presentedCertificate(createSecureContext(found.context))
      expect(presented?.fingerprint256).toBe(found.facts.fingerprint256)
      expect((await readCertificate([found.content], null)).context).toEqual(found.context)
    }
  })

  it.each(['pkcs8', 'sec1'] as const)('opens an encrypted key in %s', async (type) => {
    const files = [own.certificate, encryptedKey(type)]

    const found = await read(files, passphrase)
    expect(found.encrypted).toBe(true)
    expect(await presentedCertificate(createSecureContext(found.context))).toBeDefined()
    await expect(read(files)).rejects.toMatchObject(invalid('passphrase-missing'))
    await expect(read(files, 'wrong')).rejects.toMatchObject(invalid('passphrase-wrong'))
  })

  it('takes one that has expired', async () => {
    const past = { notBefore: Date.now() - 9 * day, notAfter: Date.now() - day }
    const { key, certificate } = await createServerCertificate(authority, names, past)

    expect((await read([key, certificate])).facts.notAfter).toBeLessThan(Date.now())
  })

  it('says what is missing or does not fit', async () => {
    await expect(read([own.key])).rejects.toMatchObject(invalid('no-certificate'))
    await expect(read([own.certificate])).rejects.toMatchObject(invalid('no-key'))
    await expect(read([own.certificate, authority.certificate])).rejects.toMatchObject({
      message: 'There is no private key in it. Add the file with the key too.',
    })
    await expect(read([own.certificate, own.key, authority.key])).rejects.toMatchObject(
      invalid('many-keys'),
    )
    const { key } = await createServerCertificate(authority, names, year)
    await expect(read([own.certificate, key])).rejects.toMatchObject(invalid('other-key'))
  })

  it('says what cannot be read', async () => {
    const damaged = own.certificate.replace(/\n..../, '\nAAAA')

    for (const files of [[''], ['hello'], [own.certificate, 'hello'], [damaged, own.key]])
      await expect(read(files)).rejects.toMatchObject(invalid('unreadable'))
    await expect(
      read([own.certificate, own.key.replace(/\n..../, '\nAAAA')]),
    ).rejects.toMatchObject(invalid('unreadable'))
    await expect(read(['x'.repeat(maxCertificateBytes + 1)])).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

describe.skipIf(opensslMissing)('readCertificate of what openssl makes', () => {
  let folder: string
  const at = (name: string) => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'framescope-own-certificate-'))
    await writeFile(at('key.pem'), own.key)
    await writeFile(at('cert.pem'), own.certificate)
    await writeFile(at('chain.pem'), authority.certificate)
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function pkcs12(secret: string, ...args: readonly string[]): Promise<Uint8Array> {
    const out = ['-passout', `pass:${secret}`, '-out', at('own.pfx')]
    await openssl('pkcs12', '-export', ...args, ...out)
    return readFile(at('own.pfx'))
  }
  const whole = () => ['-inkey', at('key.pem'), '-in', at('cert.pem'), '-certfile', at('chain.pem')]

  it('opens PKCS #12 with its passphrase alone', async () => {
    const pfx = await pkcs12(passphrase, ...whole())

    const found = await readCertificate([pfx], passphrase)
    expect(found).toMatchObject({
      encrypted: true,
      facts: (await read([own.key, own.certificate])).facts,
    })
    expect(await presentedCertificate(createSecureContext(found.context))).toBeDefined()
    await expect(readCertificate([pfx], null)).rejects.toMatchObject(invalid('passphrase-missing'))
    await expect(readCertificate([pfx], 'wrong')).rejects.toMatchObject(invalid('passphrase-wrong'))
    await expect(readCertificate([pfx, pfx], passphrase)).rejects.toMatchObject(
      invalid('unreadable'),
    )
  })

  it('opens PKCS #12 without a passphrase', async () => {
    expect(await readCertificate([await pkcs12('', ...whole())], null)).toMatchObject({
      encrypted: false,
    })
  })

  it('says what is missing in PKCS #12', async () => {
    const noKey = await pkcs12(passphrase, '-nokeys', '-in', at('cert.pem'))
    await expect(readCertificate([noKey], passphrase)).rejects.toMatchObject(invalid('no-key'))
    const noCertificate = await pkcs12(passphrase, '-nocerts', '-inkey', at('key.pem'))
    await expect(readCertificate([noCertificate], passphrase)).rejects.toMatchObject(
      invalid('no-certificate'),
    )
  })

  it('names encryption that is too old', async () => {
    const pfx = await pkcs12(passphrase, '-legacy', ...whole())

    await expect(readCertificate([pfx], passphrase)).rejects.toMatchObject(
      invalid('old-encryption'),
    )
  })

  it('takes no certificate without its key, in DER', async () => {
    await openssl('x509', '-in', at('cert.pem'), '-outform', 'DER', '-out', at('cert.der'))

    await expect(readCertificate([await readFile(at('cert.der'))], null)).rejects.toMatchObject(
      invalid('unreadable'),
    )
  })

  it('names a key that is too short for TLS', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    await writeFile(at('short.pem'), key)
    const certificate = await openssl('req', '-x509', '-key', at('short.pem'), '-subj', '/CN=short')

    await expect(read([key, certificate])).rejects.toMatchObject(invalid('unusable'))
  })
})
