import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillTemplate, isConstantTemplate, parseTemplate } from './template'

const now = new Date(2026, 0, 5, 7, 8, 9, 42)

function filled(text: string, counter = 1): string {
  const template = parseTemplate(text)
  if (!template.ok) throw new Error(template.message)
  return fillTemplate(template.segments, { now, counter })
}

describe('template', () => {
  it('fills in the local time, the ISO time and the counter', () => {
    expect(filled('message from client at : {{time}}')).toBe(
      'message from client at : 2026-01-05 07:08:09.042',
    )
    expect(filled('{{iso}}')).toBe(now.toISOString())
    expect(filled('{{counter}}/{{counter}}', 17)).toBe('17/17')
  })

  it('allows spaces inside the braces', () => {
    expect(filled('<{{ counter }}>')).toBe('<1>')
  })

  it('fills fields inside JSON whose own braces touch them', () => {
    expect(filled('{"a":{"n":{{counter}}}}', 3)).toBe('{"a":{"n":3}}')
    expect(filled('{{{counter}}}', 3)).toBe('{3}')
  })

  it.each([
    '{{',
    '}}',
    '{{}}',
    '{{ }}',
    '{{counter',
    '{{counter}',
    '{{"a":1}}',
    '{{a b}}',
    '{{1}}',
  ])('leaves %s as it is', (text) => {
    expect(filled(text)).toBe(text)
  })

  it('names an unknown field and says where it stands', () => {
    expect(parseTemplate('at {{ tyme }}')).toEqual({
      ok: false,
      message: '{{tyme}} is not known. Known are {{time}}, {{iso}}, {{counter}}.',
      offset: 6,
    })
  })

  it('takes names as they are written', () => {
    expect(parseTemplate('{{Time}}')).toMatchObject({ ok: false, offset: 2 })
    expect(parseTemplate('{{toString}}')).toMatchObject({ ok: false })
  })

  it('knows a template without fields', () => {
    const constant = parseTemplate('{{ "a" }}')
    const varying = parseTemplate('{{time}}')
    expect(constant.ok && isConstantTemplate(constant.segments)).toBe(true)
    expect(varying.ok && isConstantTemplate(varying.segments)).toBe(false)
  })

  it('changes nothing but the fields', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).filter((text) => !/[{}]/.test(text)),
      fc.constantFrom('{', '}', '{ {', '{{}}'),
      fc.constant(null),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        // A space keeps braces of neighbouring pieces apart.
        const text = pieces.map((part) => part ?? '{{counter}}').join(' ')
        const expected = pieces.map((part) => part ?? '7').join(' ')
        expect(filled(text, 7)).toBe(expected)
      }),
    )
  })
})
