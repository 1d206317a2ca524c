import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { testAuthorityFile, trustInstructions } from './trust-instructions'

const page = readFileSync(
  join(import.meta.dirname, '../../../docs/trusting-the-test-ca.md'),
  'utf8',
)

describe('trustInstructions', () => {
  it.each(trustInstructions)('says for $system what the page says', ({ system, steps, undo }) => {
    const [, section = ''] = page.split(`\n### ${system}\n`)
    const own = section.split('\n### ')[0]?.replaceAll('\n', ' ')

    for (const { text, command } of [...steps, undo]) {
      expect(own).toContain(text)
      if (command) expect(own).toContain(command)
    }
  })

  it('has commands that name the file as it is saved', () => {
    const commands = trustInstructions.flatMap(({ steps }) => steps.map(({ command }) => command))

    expect(commands.filter((command) => command?.includes(testAuthorityFile))).toHaveLength(7)
  })
})
