import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { parseTemplate } from './parse-template'
import {
  fillTemplate,
  isConstantTemplate,
  repeatScope,
  serverScope,
  usesMessage,
  type TemplateScope,
} from './template'
import { TemplateMessage } from './template-message'

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

const answering = serverScope(['room'], true)
const pushing = serverScope([], false)

function served(text: string, message = '', parameters = { room: 'red' }): string {
  const template = parseTemplate(text, answering)
  if (!template.ok) throw new Error(template.message)
  return fillTemplate(template.segments, {
    now,
    counter: 5,
    server: {
      client: { id: 3, parameters },
      message: new TemplateMessage(new TextEncoder().encode(message)),
      uuid: () => '0b7f',
    },
  })
}

function problem(text: string, scope: TemplateScope = answering) {
  const template = parseTemplate(text, scope)
  if (template.ok) throw new Error(`${text} is taken`)
  return template
}

describe('a template of a server', () => {
  it('fills in what the server knows', () => {
    expect(served('{{now}} {{counter}} {{client.id}} {{ param.room }} {{uuid}}')).toBe(
      `${now.getTime()} 5 3 red 0b7f`,
    )
  })

  it('draws whole numbers with both ends', () => {
    const drawn = new Set(Array.from({ length: 200 }, () => served('{{random -1 1}}')))
    expect([...drawn].sort()).toEqual(['-1', '0', '1'])
    expect(served('{{ random  7 7 }}')).toBe('7')
  })

  it.each([
    ['{{message.$.name}}', '{"name":"Ada"}', 'Ada'],
    ['{{message.$.n}}', '{"n":9007199254740993}', '9007199254740993'],
    ['{{message.$.n}}', '{"n":1.50}', '1.5'],
    [
      '{{message.$.list}}',
      '{"list":[1, {"id":12345678901234567890}]}',
      '[1,{"id":12345678901234567890}]',
    ],
    ['{{message.$.list[-1]}}', '{"list":[1,2]}', '2'],
    ["{{message.$['a}}b']}}!", '{"a}}b":"x"}', 'x!'],
    ['{{message.$..id}}', '{"a":{"id":1},"b":{"id":2}}', '1'],
    ['{{message.$}}', ' [1] ', '[1]'],
    ['{{message.$.no}}', '{"a":null}', ''],
    ['{{message.$.a}}', '{"a":null}', 'null'],
    ['{{message.$.__proto__}}', '{}', ''],
    ['{{message.$.a}}', 'not JSON', ''],
    ['<{{message}}>', 'as it is', '<as it is>'],
  ])('%s of %s is %s', (template, message, expected) => {
    expect(served(template, message)).toBe(expected)
  })

  it('parses a message once, and only when a path asks for it', () => {
    const parse = vi.spyOn(JSON, 'parse')
    served('{{message}}', '{"a":1}')
    expect(parse).not.toHaveBeenCalled()
    served('{{message.$.a}} {{message.$.b}} {{message.$.c}}', '{"a":1}')
    expect(parse).toHaveBeenCalledTimes(1)
    parse.mockRestore()
  })

  it('never reads what it fills in as a template', () => {
    const fields = fc.constantFrom('{{counter}}', '{{message}}', '}}{{', '{{', '{{param.room}}')
    const any = fc
      .array(fc.oneof(fields, fc.string({ unit: 'grapheme' })))
      .map((all) => all.join(''))
    fc.assert(
      fc.property(any, any, (message, room) => {
        expect(served('{{message}}|{{message.$.a}}|{{param.room}}', message, { room })).toBe(
          `${message}|${at(message)}|${room}`,
        )
      }),
    )
  })

  it('leaves a text without braces as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (any) => {
        const text = any.replaceAll(/[{}]/g, '')
        expect(served(text)).toBe(text)
      }),
    )
  })

  it.each([
    ['a {{nope}}', 4, '{{nope}} is not known. Known are {{now}}, '],
    ['{{client.name}}', 2, '{{client.name}} is not known.'],
    ['{{nope 1 2}}', 2, '{{nope}} is not known.'],
    ['{{random}}', 2, 'two whole numbers'],
    ['{{random 1}}', 2, 'two whole numbers'],
    ['{{random 2 1}}', 2, 'two whole numbers'],
    ['{{random 1 2.5}}', 2, 'two whole numbers'],
    ['{{random 1 2 3}}', 2, 'two whole numbers'],
    ['{{random a b}}', 2, 'two whole numbers'],
    ['{{random 0 99999999999999999}}', 2, 'two whole numbers'],
    ['{{counter 5}}', 2, '{{counter}} stands alone'],
    ['{{param.rom}}', 2, 'no parameter “rom”. Known are {{param.room}}.'],
    ['{{message.name}}', 10, 'A path begins with $'],
    ['{{message.$.}}', 12, 'A name or * is expected'],
    ['{{message.$.a == 1}}', 13, '}} is expected'],
    ['{{message.$.a', 13, '}} is expected'],
    ["x {{message.$['a}}", 14, 'The name is not closed'],
  ])('%s is refused at %d', (text, offset, message) => {
    const found = problem(text)
    expect(found.offset).toBe(offset)
    expect(found.message).toContain(message)
  })

  it('knows no message where none is answered', () => {
    expect(problem('{{message}}', pushing).message).toContain('cannot be filled in here')
    expect(problem('{{message.$.a}}', pushing).message).toContain('cannot be filled in here')
    expect(problem('{{param.a}}', pushing).message).toContain('has no parameters')
    expect(problem('{{uuid}}', repeatScope).message).toContain('cannot be filled in here')
  })

  it('knows which templates take the message', () => {
    const takes = (text: string) => {
      const template = parseTemplate(text, answering)
      return template.ok && usesMessage(template.segments)
    }
    expect([takes('{{message}}'), takes('{{message.$.a}}'), takes('{{now}}')]).toEqual([
      true,
      true,
      false,
    ])
  })
})

/** What `{{message.$.a}}` gives of a text that may happen to be JSON. */
function at(message: string): string {
  return (
    new TemplateMessage(new TextEncoder().encode(message)).select([
      { deep: false, kind: 'name', name: 'a' },
    ]) ?? ''
  )
}
