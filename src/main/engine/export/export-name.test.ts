import { describe, expect, it } from 'vitest'
import { exportName } from './export-name'

const time = new Date(2026, 10, 3, 8, 5, 9)

describe('exportName', () => {
  it.each([
    ['Local echo', 'Local echo'],
    ['ws://host:8080/a?b=c', 'ws-host-8080-a-b-c'],
    ['../../etc/passwd', 'etc-passwd'],
    ['.hidden', 'hidden'],
    ['日本', '日本'],
    ['a\u202eb\0c', 'a-b-c'],
    ['///', 'Framescope'],
    ['x'.repeat(500), 'x'.repeat(80)],
  ])('makes a safe name of %j', (title, expected) => {
    expect(exportName(title, 'jsonl', time)).toBe(`${expected} 2026-11-03 08.05.09.jsonl`)
  })
})
