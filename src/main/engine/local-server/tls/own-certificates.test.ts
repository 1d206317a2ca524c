import { createPrivateKey } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { maxCertificates } from '@shared/model/certificate'
import type { SecretBox } from '../../../host'
import { openStores } from '../../../storage/stores'
import { OwnCertificates } from './own-certificates'
import {
  createAuthority,
  createServerCertificate,
  type KeyedCertificate,
} from './signed-certificate'

const day = 24 * 60 * 60 * 1000
const passphrase = 'correct horse'

/** Turns every byte over, which is enough to see whether plain text goes round it. */
const box: SecretBox = {
  encrypt: (text) => Promise.resolve(Buffer.from(text).map((byte) => byte ^ 0xff)),
  decrypt: (bytes) => Promise.resolve(Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString()),
}

let folder: string
let own: KeyedCertificate
let encrypted: Uint8Array[]

beforeAll(async () => {
  const validity = { notBefore: Date.now() - day, notAfter: Date.now() + day }
  const names = { dns: ['localhost'], ip: [] }
  own = await createServerCertificate(await createAuthority(validity), names, validity)
  const how = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase } as const
  encrypted = [own.certificate, createPrivateKey(own.key).export(how)].map((text) =>
    Buffer.from(text),
  )
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-own-certificates-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function open(with_: SecretBox | null = box) {
  const { certificates } = await openStores(folder, with_, null, (_, message) => {
    throw new Error(message)
  })
  return new OwnCertificates(certificates)
}

const plain = () => [Buffer.from(own.certificate + own.key)]
const keyFiles = () => readdir(join(folder, 'certificates'))

describe('OwnCertificates', () => {
  it('keeps a certificate and its passphrase for the next run', async () => {
    const { certificateId, facts } = await (await open()).add('Staging', encrypted, passphrase)

    const next = await open()
    const context = await next.contextOf(certificateId)
    expect(() => createSecureContext(context)).not.toThrow()
    expect(next.list()).toEqual([
      { certificateId, name: 'Staging', facts, passphraseMissing: false },
    ])
  })

  it('writes the key as it was given, for the user alone, and the passphrase nowhere', async () => {
    await (await open()).add('Staging', encrypted, passphrase)

    const [file = ''] = await keyFiles()
    const path = join(folder, 'certificates', file)
    expect(await readFile(path, 'utf8')).toContain(encrypted.map(String).join('\n'))
    if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600)
    for (const name of ['certificates.json', 'secrets.json'])
      expect(await readFile(join(folder, name), 'utf8')).not.toContain(passphrase)
  })

  it('asks for the passphrase again where secrets do not last', async () => {
    const { certificateId } = await (await open(null)).add('Staging', encrypted, passphrase)

    const next = await open(null)
    expect(next.list()).toMatchObject([{ passphraseMissing: true }])
    await expect(next.contextOf(certificateId)).rejects.toMatchObject({ code: 'SECRET_MISSING' })
    await expect(next.unlock(certificateId, 'wrong')).rejects.toMatchObject({
      details: { problem: 'passphrase-wrong' },
    })
    await next.unlock(certificateId, passphrase)
    expect(next.list()).toMatchObject([{ passphraseMissing: false }])
    expect(await next.contextOf(certificateId)).toMatchObject({ passphrase })
  })

  it('keeps no passphrase that is not needed', async () => {
    const certificates = await open()
    const { certificateId } = await certificates.add('Plain', plain(), passphrase)

    expect(await certificates.contextOf(certificateId)).not.toHaveProperty('passphrase')
    await expect(readFile(join(folder, 'secrets.json'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('removes a certificate with its key', async () => {
    const certificates = await open()
    const { certificateId } = await certificates.add('Plain', plain(), null)
    await certificates.remove(certificateId)

    expect(certificates.list()).toEqual([])
    expect(await keyFiles()).toEqual([])
    await expect(certificates.contextOf(certificateId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(certificates.remove(certificateId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('keeps nothing of what cannot be used', async () => {
    const certificates = await open()

    await expect(certificates.add('Wrong', encrypted, 'wrong')).rejects.toMatchObject({
      code: 'CERTIFICATE_INVALID',
    })
    expect(certificates.list()).toEqual([])
    await expect(keyFiles()).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says when the file was lost or damaged', async () => {
    const certificates = await open()
    const { certificateId } = await certificates.add('Plain', plain(), null)
    const [file = ''] = await keyFiles()

    await writeFile(join(folder, 'certificates', file), 'nothing')
    const invalid = { code: 'CERTIFICATE_INVALID' }
    await expect(certificates.contextOf(certificateId)).rejects.toMatchObject(invalid)
    await rm(join(folder, 'certificates', file))
    await expect(certificates.contextOf(certificateId)).rejects.toMatchObject(invalid)
  })

  it('keeps so many and no more', async () => {
    const certificates = await open()
    for (let count = 0; count < maxCertificates; count += 1)
      await certificates.add(`No. ${count}`, plain(), null)

    await expect(certificates.add('One more', plain(), null)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})
