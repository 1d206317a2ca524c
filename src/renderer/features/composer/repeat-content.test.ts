import { describe, expect, it } from 'vitest'
import { emptyDraft, type Draft } from '@shared/model/connection'
import { hasTemplate, repeatContent } from './repeat-content'

const draft = (part: Partial<Draft>): Draft => ({ ...emptyDraft(), ...part })

describe('repeatContent', () => {
  it('keeps the template, to be filled in at each send', () => {
    const text = 'message from client at : {{time}}'
    expect(repeatContent(draft({ text }))).toEqual({
      ok: true,
      format: 'text',
      content: text,
      filled: true,
    })
  })

  it('takes JSON that is JSON once it is filled in', () => {
    expect(repeatContent(draft({ format: 'json', text: '{"n": {{counter}}}' }))).toMatchObject({
      ok: true,
      filled: true,
    })
    expect(repeatContent(draft({ format: 'json', text: '{"n": {{time}}}' }))).toMatchObject({
      ok: false,
    })
  })

  it.each([
    ['an unknown template', { text: '{{nope}}' }, /\{\{nope\}\} is not known/],
    ['half a byte', { format: 'hex', hex: 'ab c' }, /two hex digits/],
    ['a file', { format: 'file' }, /file cannot be repeated/],
    ['half a character', { text: '\ud800' }, /UTF-8/],
  ] as const)('refuses %s and says why', (_, part, message) => {
    const content = repeatContent(draft(part))
    expect(content).toMatchObject({ ok: false, message: expect.stringMatching(message) })
  })

  it('takes bytes as they stand', () => {
    expect(repeatContent(draft({ format: 'base64', base64: 'AAE=' }))).toEqual({
      ok: true,
      format: 'base64',
      content: 'AAE=',
      filled: false,
    })
  })
})

describe('hasTemplate', () => {
  it.each([
    [{ text: 'at {{ iso }}' }, true],
    [{ format: 'json', text: '[{{counter}}]' }, true],
    [{ text: '{"a":{"b":{}}}' }, false],
    [{ text: '{{unknown}}' }, false],
    [{ format: 'hex', hex: '{{time}}' }, false],
  ] as const)('says of %j: %s', (part, expected) => {
    expect(hasTemplate(draft(part))).toBe(expected)
  })
})
