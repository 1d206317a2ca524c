import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDocument, serializeDocument, type DocumentFormat } from '../document-format'
import { authorityFormat } from '../authority-store'
import { certificatesFormat } from '../certificate-store'
import { foldersFormat } from '../folder-store'
import { profilesFormat } from '../profile-store'
import { schemasFormat } from '../schema-store'
import { secretsFormat } from '../secret-store'
import { serversFormat } from '../server-store'
import { settingsFormat } from '../settings-store'
import { workspaceFormat } from '../workspace-store'
import { currentVersion, type migrations } from './migrations'

const fixtures = join(import.meta.dirname, '../../../../test/fixtures/documents')

function document<Data>(format: DocumentFormat<Data>) {
  return {
    name: format.name,
    version: currentVersion(format.migrations),
    parse: (text: string) => parseDocument(format, text),
    serialize: (data: unknown) => serializeDocument(format, data as Data),
  }
}

const documents = Object.values({
  profiles: document(profilesFormat),
  settings: document(settingsFormat),
  workspace: document(workspaceFormat),
  secrets: document(secretsFormat),
  schemas: document(schemasFormat),
  'test-ca': document(authorityFormat),
  certificates: document(certificatesFormat),
  servers: document(serversFormat),
  folders: document(foldersFormat),
} satisfies Record<keyof typeof migrations, unknown>)

const fixture = (name: string, version: number) =>
  readFile(join(fixtures, `${name}.v${version}.json`), 'utf8')

describe('migrations', () => {
  it('has a fixture for every version of every document, and no other', async () => {
    const expected = documents.flatMap(({ name, version }) =>
      Array.from({ length: version }, (_, index) => `${name}.v${index + 1}.json`),
    )
    expect((await readdir(fixtures)).sort()).toEqual(expected.sort())
  })

  it.each(documents)('takes $name of every version to the current one', async (document) => {
    for (let version = 1; version <= document.version; version += 1)
      expect(document.parse(await fixture(document.name, version))).toMatchObject({
        outcome: 'whole',
      })
  })

  it.each(documents)('reads $name of the current version without changing it', async (document) => {
    const text = await fixture(document.name, document.version)
    const parsed = document.parse(text)
    expect(parsed.outcome === 'whole' && JSON.parse(document.serialize(parsed.data))).toEqual(
      JSON.parse(text),
    )
  })
})
