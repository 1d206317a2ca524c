import { expect, it, vi } from 'vitest'
import type { Row } from '@shared/model/frame'
import { payloadExtension } from './payload-extension'

const row = (part: Partial<Row>) => ({ kind: 'text', direction: 'in', size: 10, ...part }) as Row
const bytes = (text: string) => async () => new TextEncoder().encode(text)

it.each([
  ['an object', {}, '{"a": 1}', 'json'],
  ['a list', {}, '[1]', 'json'],
  ['a lone number', {}, '1', 'txt'],
  ['broken JSON', {}, '{"a"', 'txt'],
  ['a binary message', { kind: 'binary' }, '{}', 'bin'],
  ['a ping', { kind: 'ping' }, '', 'bin'],
  ['a close frame', { kind: 'close' }, '', 'bin'],
  ['an event', { kind: 'open', direction: 'none' }, '{}', 'txt'],
] as const)('calls %s what it is', async (_, part, payload, extension) => {
  expect(await payloadExtension(row(part), bytes(payload))).toBe(extension)
})

it('takes what was evicted meanwhile for text', async () => {
  expect(await payloadExtension(row({}), async () => undefined)).toBe('txt')
})

it('does not read a text that is too long to look into', async () => {
  const read = vi.fn(bytes('{}'))
  expect(await payloadExtension(row({ size: 2 * 1024 * 1024 }), read)).toBe('txt')
  expect(read).not.toHaveBeenCalled()
})
