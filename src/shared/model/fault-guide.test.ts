import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { faultWords, type FaultGroup } from './server-fault'

const groups: Readonly<Record<FaultGroup, string>> = {
  timing: 'Timing',
  messages: 'Messages',
  connection: 'Connection',
  handshake: 'Handshake',
  protocol: 'Protocol',
}

it('says in docs/faults.md what every fault does, and what a correct client does then', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../../docs/faults.md'), 'utf8')
  const text = guide.replace(/\s+/g, ' ')
  for (const title of Object.values(groups)) expect(guide).toContain(`\n## ${title}\n`)
  for (const { label, does, client } of Object.values(faultWords))
    expect(text).toContain(`**${label}.** ${does} _A correct client:_ ${client}`)
})
