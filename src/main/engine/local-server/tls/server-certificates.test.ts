import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { CertificateFault } from '@shared/model/certificate'
import { openssl, opensslMissing } from '../../../../../test/support/openssl'
import { AuthorityStore } from '../../../storage/authority-store'
import { ServerCertificates } from './server-certificates'

const day = 24 * 60 * 60 * 1000
let folder: string
let notices: string[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-test-ca-'))
  notices = []
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function open() {
  return new ServerCertificates(
    await AuthorityStore.open(folder, (_, message) => void notices.push(message)),
  )
}

/** An HTTPS server with such a certificate; gives its port. */
async function listen(certificates: ServerCertificates, fault: CertificateFault): Promise<number> {
  const server = createServer(await certificates.generated(fault), (_, response) => {
    response.end('hello')
  })
  server.listen(0)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function ask(host: string, port: number, ca?: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host, port, ca, agent: false }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    }).on('error', reject)
  })
}

describe('ServerCertificates', () => {
  it.each(['localhost', '127.0.0.1', '::1'])(
    'is accepted as %s where the CA is trusted',
    async (host) => {
      const certificates = await open()
      const port = await listen(certificates, 'none')

      expect(await ask(host, port, (await certificates.authority()).pem)).toBe(200)
    },
  )

  it('is refused where the CA is not trusted, or another one is', async () => {
    const port = await listen(await open(), 'none')
    await rm(join(folder, 'test-ca.json'))
    const other = await (await open()).authority()

    const code = /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/
    await expect(ask('localhost', port)).rejects.toMatchObject({
      code: expect.stringMatching(code) as string,
    })
    await expect(ask('localhost', port, other.pem)).rejects.toMatchObject({
      code: expect.stringMatching(code) as string,
    })
  })

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['mismatch', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('is refused for being %s, and for nothing else', async (fault, code) => {
    const certificates = await open()
    const port = await listen(certificates, fault)
    const { pem } = await certificates.authority()

    for (const host of ['localhost', '127.0.0.1', '::1'])
      await expect(ask(host, port, pem)).rejects.toMatchObject({ code })
  })

  it('is valid for a short while, for the names given, under a CA that lasts', async () => {
    const store = await AuthorityStore.open(folder, (_, message) => void notices.push(message))
    const certificates = new ServerCertificates(store, () => ({
      dns: ['localhost', 'bench.local'],
      ip: ['127.0.0.1', 'fd00::5'],
    }))
    const { cert } = await certificates.generated('none')
    const [leaf, ca] = cert
      .split(/(?<=-----END CERTIFICATE-----\n)/)
      .map((pem) => new X509Certificate(pem))
    const { facts } = await certificates.authority()

    expect(leaf?.subjectAltName).toBe(
      'DNS:localhost, DNS:bench.local, IP Address:127.0.0.1, IP Address:FD00:0:0:0:0:0:0:5',
    )
    expect(Date.parse(leaf?.validTo ?? '') - Date.parse(leaf?.validFrom ?? '')).toBeLessThan(
      397 * day,
    )
    expect(leaf?.ca).toBe(false)
    expect(ca?.ca).toBe(true)
    expect(ca?.fingerprint256).toBe(facts.fingerprint256)
    expect(facts.subject).toMatch(/^CN=Framescope test CA [0-9a-f]{8}$/)
    expect(facts.notAfter).toBeGreaterThan(Date.now() + 3600 * day)
  })

  it('keeps the CA for the next run, its key for the user alone', async () => {
    const first = await (await open()).authority()

    expect(await (await open()).authority()).toEqual(first)
    expect(notices).toEqual([])
    if (process.platform !== 'win32')
      expect((await stat(join(folder, 'test-ca.json'))).mode & 0o777).toBe(0o600)
  })

  it.each([
    ['is not JSON', () => '{'],
    [
      'has a damaged key',
      (text: string) => text.replace(/(BEGIN PRIVATE KEY-----\\n)..../, '$1AAAA'),
    ],
    ['has no certificate', (text: string) => text.replace(/BEGIN CERTIFICATE/, 'BEGIN NOTHING')],
  ])('sets a CA aside whose file %s, says so, and makes another', async (_, damage) => {
    const path = join(folder, 'test-ca.json')
    const first = await (await open()).authority()
    const damaged = damage(await readFile(path, 'utf8'))
    await writeFile(path, damaged)

    const second = await (await open()).authority()
    expect(second.facts.fingerprint256).not.toBe(first.facts.fingerprint256)
    expect(notices).toEqual([
      expect.stringMatching(/^test-ca\.json could not be read .* is kept as .*corrupt-/),
      expect.stringMatching(/^The local server has a new test CA\./),
    ])
    const aside = (await readdir(folder)).find((name) => name.includes('.corrupt-')) ?? ''
    expect(await readFile(join(folder, aside), 'utf8')).toBe(damaged)
    expect(await (await open()).authority()).toEqual(second)
  })

  it('goes on with a CA for this run when it cannot be kept', async () => {
    await writeFile(join(folder, 'test-ca.json'), '{ "schemaVersion": 99, "data": null }')
    const certificates = await open()
    const port = await listen(certificates, 'none')

    expect(await ask('localhost', port, (await certificates.authority()).pem)).toBe(200)
    expect(notices.at(-1)).toMatch(/^The test CA is kept for this run only\./)
  })

  it.skipIf(opensslMissing)('passes the strict checks of openssl', async () => {
    const certificates = await open()
    const ca = join(folder, 'ca.pem')
    const leaf = join(folder, 'leaf.pem')
    await writeFile(ca, (await certificates.authority()).pem)
    await writeFile(leaf, (await certificates.generated('none')).cert)

    const strictly = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'localhost']
    expect(await openssl('verify', ...strictly, '-CAfile', ca, leaf)).toBe(`${leaf}: OK\n`)
  })
})
