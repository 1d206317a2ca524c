import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultRedaction, type Redaction } from '@shared/model/export'
import { parseRedactionPath } from '@shared/model/redaction-path'
import { must } from '../../../../test/fakes/must'
import { collect, headsOf, ListedRows, newRow } from '../../../../test/support/listed-rows'
import { allOf } from './export-rows'
import { redactHeads } from './redact-head'
import { redactJson } from './redact-json'
import { redactUrls } from './redact-url'
import { startExport } from './start-export'

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc'

describe('redactUrls', () => {
  it.each([
    ['wss://me:pass@example.org/chat', 'wss://REDACTED@example.org/chat'],
    ['wss://example.org/chat?room=1&token=abc', 'wss://example.org/chat?room=1&token=REDACTED'],
    ['/chat?access_token=abc#/x', '/chat?access_token=REDACTED#/x'],
    ['/chat?X-Amz-Signature=abc&X-Amz-Date=1', '/chat?X-Amz-Signature=REDACTED&X-Amz-Date=1'],
    ['/chat?apiKey=a;sid=b', '/chat?apiKey=REDACTED;sid=REDACTED'],
    [`/chat?v=${jwt}`, '/chat?v=REDACTED'],
    [`/chat?${jwt}`, '/chat?REDACTED'],
    ['https://a/#access_token=abc', 'https://a/#access_token=REDACTED'],
    ['/chat?%74oken=abc', '/chat?%74oken=REDACTED'],
    ['/chat?user=me&pass=abc', '/chat?user=me&pass=REDACTED'],
    ['/chat;jsessionid=abc?a=1', '/chat;jsessionid=REDACTED?a=1'],
    [`/chat/${jwt}/1`, '/chat/REDACTED/1'],
    ['/chat?next=https://me:pw@a/', '/chat?next=https://REDACTED@a/'],
    ['/chat?next=%2Fb%3Ftoken%3Dabc', '/chat?next=%2Fb%3Ftoken%3DREDACTED'],
    ['/chat?auth=Bearer+abc&h=Basic%20YWJj', '/chat?auth=REDACTED&h=REDACTED'],
    ['//me:pw@a/', '//REDACTED@a/'],
    ["https://me:p'w@a/?token=a'b", 'https://REDACTED@a/?token=REDACTED'],
    ['</b?token=abc>; rel=next', '</b?token=REDACTED>; rel=next'],
    ['0; url=/b?token=abc', '0; url=/b?token=REDACTED'],
  ])('makes of %s %s', (url, expected) => expect(redactUrls(url)).toBe(expected))

  it.each([
    'wss://example.org:8080/chat?room=general&limit=100',
    '/chat?id=0b8f5a3e-1c2d-4e5f-8a9b-0c1d2e3f4a5b',
    '/a@b?monkey=1&token=&%zz=1',
  ])('leaves %s alone', (url) => expect(redactUrls(url)).toBe(url))

  it.each(['?a=%3Fa', ';a=1?b='])('takes %j as often as anybody writes it', (part) => {
    expect(redactUrls(`${part.repeat(20_000)}?token=abc`)).not.toContain('abc')
  })

  it('finds URLs in words', () => {
    expect(redactUrls('Redirected to wss://a/?token=1 and "http://u:p@b/"')).toBe(
      'Redirected to wss://a/?token=REDACTED and "http://REDACTED@b/"',
    )
  })
})

describe('redactHeads', () => {
  const redaction: Redaction = { ...defaultRedaction(), headers: [' X-Tenant '] }
  const line = (name: string, value: string) =>
    redactHeads(`GET / HTTP/1.1\r\n${name}: ${value}\r\n\r\n`, redaction).split('\r\n')[1]

  it.each([
    ['Authorization', 'Basic abc', 'REDACTED'],
    ['cookie', 'a=b', 'REDACTED'],
    ['Set-Cookie', 'a=b; Path=/', 'REDACTED'],
    ['Proxy-Authorization', 'Basic abc', 'REDACTED'],
    ['X-Api-Key', 'abc', 'REDACTED'],
    ['X-CSRF', 'abc', 'REDACTED'],
    ['x-tenant', 'abc', 'REDACTED'],
    ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='],
    ['Sec-WebSocket-Protocol', `chat.v2, ${jwt}`, 'chat.v2, REDACTED'],
    [
      'Sec-WebSocket-Protocol',
      'graphql-ws, access_token, abc',
      'graphql-ws, access_token, REDACTED',
    ],
    ['Sec-WebSocket-Protocol', 'bearer.abc', 'bearer.REDACTED'],
    ['Sec-WebSocket-Protocol', 'soap, auth-v1.2', 'soap, auth-v1.2'],
    ['Sec-WebSocket-Accept', 'a/Pin/b==', 'a/Pin/b=='],
    ['X-Any', 'Bearer abc', 'REDACTED'],
    ['X-Any', `of ${jwt}`, 'of REDACTED'],
    ['X-Original-URL', '/a?token=abc', '/a?token=REDACTED'],
    ['WWW-Authenticate', 'Basic realm="a"', 'Basic realm="a"'],
    ['Origin', 'https://me:pw@example.org', 'https://REDACTED@example.org'],
    ['Referer', 'https://a/?token=abc', 'https://a/?token=REDACTED'],
    ['Location', '/next?token=abc', '/next?token=REDACTED'],
    ['User-Agent', 'Mozilla/5.0 (X11)', 'Mozilla/5.0 (X11)'],
  ])('writes %s: %s as %s', (name, value, expected) => {
    expect(line(name, value)).toBe(`${name}: ${expected}`)
  })

  it('hides nothing when told so', () => {
    const heads = headsOf({ target: '/?token=a', request: 'Cookie: a=b\r\n' })
    const none = { ...defaultRedaction(), credentials: false, urlSecrets: false }
    expect(redactHeads(heads, none)).toBe(heads)
  })

  it('hides a subprotocol that is a token where the answer names it again', () => {
    const heads = headsOf({
      request: 'Sec-WebSocket-Protocol: access_token\r\nSec-WebSocket-Protocol: abc\r\n',
      response: 'Sec-WebSocket-Protocol: abc\r\n',
    })
    expect(redactHeads(heads, redaction).match(/Protocol: .*/g)).toEqual([
      'Protocol: access_token',
      'Protocol: REDACTED',
      'Protocol: REDACTED',
    ])
  })

  it.each(['\r\n', '\n'])('hides what is folded over lines that end with %j', (end) => {
    const lines = ['GET / HTTP/1.1', 'Cookie: a', ' b', '\tc: d', 'Host: x', ' y', '', 'left']
    expect(redactHeads(lines.join(end), redaction).split(end)).toEqual([
      ...[
        'GET / HTTP/1.1',
        'Cookie: REDACTED',
        ' REDACTED',
        '\tREDACTED',
        'Host: x',
        ' y',
        '',
        'left',
      ],
    ])
  })

  it('hides what an answer that refuses says in JSON', () => {
    const body = '{"error":"no","access_token": "a\\"b","pin":1234,"keys":[1]}'
    expect(redactHeads(`HTTP/1.1 401 No\r\n\r\n${body}`, redaction)).toContain(
      '{"error":"no","access_token": "REDACTED","pin":"REDACTED","keys":[1]}',
    )
  })

  it('names more headers also where nothing else is hidden', () => {
    const only = { ...redaction, credentials: false, urlSecrets: false }
    expect(redactHeads('Refused.\n\nX-Tenant: abc\r\n', only)).toContain('X-Tenant: REDACTED')
  })
})

describe('redactJson', () => {
  function redact(text: string, ...paths: string[]): string {
    const steps = paths.map((path) => {
      const parsed = parseRedactionPath(path)
      if (!parsed.ok) throw new Error(parsed.problem.message)
      return parsed.steps
    })
    const bytes = Buffer.from(text)
    const walk = redactJson(bytes, steps)
    for (;;) {
      const step = walk.next()
      if (step.done) return Buffer.from(step.value ?? bytes).toString()
    }
  }

  it.each([
    ['{"a":1,"b":2}', '$.a', '{"a":"REDACTED","b":2}'],
    [
      ' {"10":1,"2": 12345678901234567890 , "a":[ 1 ]}',
      '$.a',
      ' {"10":1,"2": 12345678901234567890 , "a":"REDACTED"}',
    ],
    ['{"a":{"b":"x"},"b":"y"}', '$.a.b', '{"a":{"b":"REDACTED"},"b":"y"}'],
    ['{"a":{"b":"x"},"b":["y",{"b":null}]}', '$..b', '{"a":{"b":"REDACTED"},"b":"REDACTED"}'],
    ['[{"t":1},{"t":2},3]', '$[*].t', '[{"t":"REDACTED"},{"t":"REDACTED"},3]'],
    ['[1,[2,3],4]', '$[1][0]', '[1,["REDACTED",3],4]'],
    ['["]","}",{"a":"\\"}"}]', '$[2].a', '["]","}",{"a":"REDACTED"}]'],
    ['{"a":1,"a":2}', '$.a', '{"a":"REDACTED","a":"REDACTED"}'],
    ['{"\\u0061":1}', '$.a', '{"\\u0061":"REDACTED"}'],
    ['{"a b":1}', "$['a b']", '{"a b":"REDACTED"}'],
    ['{"a":[],"b":{}}', '$.*[0]', '{"a":[],"b":{}}'],
    ['{"token":"never ends', '$.token', '{"token":"REDACTED"'],
    ['{"token":{"a":[1,', '$..token', '{"token":"REDACTED"'],
    ['\ufeff{"a":1}', '$.a', '\ufeff{"a":"REDACTED"}'],
    ['"a"', '$.a', '"a"'],
    ['a: 1', '$.a', 'a: 1'],
  ])('makes of %s with %s %s', (text, path, expected) => expect(redact(text, path)).toBe(expected))

  it('follows several paths at once', () => {
    expect(redact('{"a":{"c":1,"d":2},"b":3}', '$.a.c', '$.b', '$.x.y')).toBe(
      '{"a":{"c":"REDACTED","d":2},"b":"REDACTED"}',
    )
  })

  it('does what a naive walk over the value does', () => {
    const name = fc.constantFrom('a', 'b', 'token')
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom(null, true, 1.5, 'x', '"\\', ''),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      ),
    }))
    const step = fc.oneof(
      name.map((item) => `.${item}`),
      name.map((item) => `..${item}`),
      fc.constantFrom('[0]', '[1]', '[*]', '.*'),
    )
    const paths = fc.array(
      fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => `$${steps.join('')}`),
      { minLength: 1, maxLength: 2 },
    )
    fc.assert(
      fc.property(value, paths, fc.nat(2), (json, list, indent) => {
        fc.pre(typeof json === 'object' && json !== null)
        const redacted: unknown = JSON.parse(redact(JSON.stringify(json, null, indent), ...list))
        expect(redacted).toEqual(naive(json, list.map(stepsOf)))
      }),
      { numRuns: 300 },
    )
  })

  function stepsOf(path: string) {
    const parsed = parseRedactionPath(path)
    return parsed.ok ? parsed.steps : []
  }

  type Steps = ReturnType<typeof stepsOf>

  function naive(value: unknown, paths: readonly Steps[]): unknown {
    if (paths.some((path) => path.length === 0)) return 'REDACTED'
    if (typeof value !== 'object' || value === null) return value
    const below = (key: string) =>
      paths.flatMap((path): Steps[] => {
        const [step, ...rest] = path
        if (!step) return []
        const fits =
          step.kind === 'all' ||
          (Array.isArray(value)
            ? step.kind === 'index' && String(step.index) === key
            : step.kind === 'name' && step.name === key)
        return [...(fits ? [rest] : []), ...(step.deep ? [path] : [])]
      })
    if (Array.isArray(value)) return value.map((item, index) => naive(item, below(String(index))))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, naive(item, below(key))]),
    )
  }

  it('takes any bytes and any depth', () => {
    fc.assert(fc.property(fc.string(), (text) => void redact(`{${text}`, '$..a', '$[*].b')))
    const deep = '['.repeat(200_000)
    expect(redact(deep, '$..a')).toBe(deep)
  })
})

describe('parseRedactionPath', () => {
  it.each(['token', '$', '$.a == 1', '$.a[-1]', '$.a exists', '$.', '$.a b', ''])(
    'refuses %j',
    (path) => {
      expect(parseRedactionPath(path)).toMatchObject({ ok: false })
    },
  )

  it.each(['$.a', '$..password', "$['a b'][0].*", ' $.a '])('reads %j', (path) => {
    expect(parseRedactionPath(path)).toMatchObject({ ok: true })
  })
})

describe('an export', () => {
  const secret = 'hunter2'

  function logWithSecrets(): ListedRows {
    const log = new ListedRows()
    log.open({ url: `wss://example.org/chat?token=${secret}` })
    const request = `Authorization: Bearer ${secret}\r\nCookie: a=${secret}\r\n`
    const heads = headsOf({
      target: `/chat?token=${secret}`,
      request,
      response: `Set-Cookie: a=${secret}\r\n`,
    })
    log.add(newRow({ kind: 'open', direction: 'none', payload: heads }))
    log.add(
      newRow({ kind: 'note', direction: 'none', payload: `Redirected to wss://u:${secret}@b/` }),
    )
    log.add(
      newRow({
        kind: 'error',
        direction: 'none',
        payload: `HTTP/1.1 401 No\r\nSet-Cookie: ${secret}`,
      }),
    )
    const payload = `{"password":"${secret}"}`
    const broken = { rule: 'A rule', section: 'RFC' }
    const raw = Buffer.concat([Uint8Array.of(0xc1, payload.length), Buffer.from(payload)])
    log.add(newRow({ payload, raw, broken }))
    log.add(newRow({ payload, header: 0xc105, wireSize: 7 }))
    const [head, tail] = [payload.slice(0, 9), payload.slice(9)]
    const frames = [
      { header: Uint8Array.of(0x02, head.length), payloadLength: head.length, time: 1 },
      { header: Uint8Array.of(0x80, tail.length), payloadLength: tail.length, time: 2 },
    ]
    log.add(
      newRow({
        kind: 'binary',
        payload,
        frames,
        fragments: 2,
        wireSize: payload.length + 4,
        header: 0x0209,
      }),
    )
    return log
  }

  it.each([
    { name: 'jsonl' },
    { name: 'csv' },
    { name: 'payloads' },
    { name: 'har', mode: 'chrome' },
    { name: 'har', mode: 'extended' },
    { name: 'pcapng', mode: 'tcp' },
    { name: 'pcapng', mode: 'pdu' },
  ] as const)('holds no secret as $name $mode', async (format) => {
    const log = logWithSecrets()
    const redaction = { ...defaultRedaction(), jsonPaths: ['$..password'] }
    const bytes = await collect(startExport({ log, rows: allOf(log), format, redaction }))
    expect(bytes.length).toBeGreaterThan(0)
    // Also not in what is base64, whatever its alignment.
    for (const text of [secret, ...[0, 1, 2].map((shift) => base64Inside(secret, shift))])
      expect(bytes.includes(text)).toBe(false)
  })

  function base64Inside(text: string, shift: number): string {
    const whole = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64')
    return whole.slice(shift === 0 ? 0 : 4, -4)
  }

  it('gives frames with other lengths where a message became longer or shorter', async () => {
    const log = logWithSecrets()
    const redaction = { ...defaultRedaction(), jsonPaths: ['$.password'] }
    const text = (
      await collect(startExport({ log, rows: allOf(log), format: { name: 'jsonl' }, redaction }))
    ).toString()
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    const fragmented = must(lines.at(-1))
    const size = '{"password":"REDACTED"}'.length
    expect(fragmented).toMatchObject({ size, wireSize: size + 4, fragments: 2 })
    expect(fragmented['frames']).toEqual([
      { header: '0209', length: 9, time: 1 },
      { header: '800e', length: size - 9, time: 2 },
    ])
    const compressed = must(lines.at(-2))
    expect(compressed).toMatchObject({ size, wireSize: 7, compressed: true, header: 'c105' })
    expect(must(lines.at(-3))).not.toHaveProperty('raw')
  })
})
