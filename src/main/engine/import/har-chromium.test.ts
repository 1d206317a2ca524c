import { createServer, type AddressInfo, type Server } from 'node:net'
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { defaultRedaction } from '@shared/model/export'
import { ensureChromium } from '../../../../scripts/lib/ensure-chromium.mjs'
import { must } from '../../../../test/fakes/must'
import { collect, headsOf, ListedRows, newRow } from '../../../../test/support/listed-rows'
import { allOf } from '../export/export-rows'
import { startExport } from '../export/start-export'
import type { NewRow } from '../frame-log/frame-log'
import { SkippedParts, type Imported } from './imported'
import { readFile, type SourceFile } from './read-file'

/** Without one that starts, nothing here can be proved. */
const executablePath = await ensureChromium().catch(() => null)

interface Har {
  readonly log: { readonly entries: Record<string, Record<string, unknown>>[] }
}

describe.skipIf(executablePath === null)('HAR and Chromium', () => {
  let folder: string
  let browser: Browser
  let server: HttpServer
  let page: string
  let devtools: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'har-chromium-'))
    server = createHttpServer((_, response) => response.end('<!doctype html>'))
    const sockets = new WebSocketServer({ server })
    sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const port = await freePort()
    devtools = `http://127.0.0.1:${port}`
    browser = await chromium.launch({
      executablePath: must(executablePath),
      chromiumSandbox: process.getuid?.() !== 0,
      args: [`--remote-debugging-port=${port}`],
    })
  })

  afterAll(async () => {
    await browser.close()
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** A HAR that Playwright records of a page that talks to an echo server. */
  async function record(name: string, content: 'embed' | 'attach'): Promise<SourceFile> {
    const path = join(folder, name)
    const context = await browser.newContext({ recordHar: { path, content } })
    const tab = await context.newPage()
    await tab.goto(page)
    await tab.evaluate(
      async (url) => {
        const socket = new WebSocket(url)
        const got = (count: number) =>
          new Promise<void>((resolve) => {
            let left = count
            socket.onmessage = () => (left -= 1) === 0 && resolve()
          })
        await new Promise((resolve) => (socket.onopen = resolve))
        const echoed = got(2)
        socket.send('grüße 😀')
        socket.send(Uint8Array.of(0, 255, 7))
        await echoed
      },
      page.replace('http', 'ws'),
    )
    await context.close()
    return { name, path, size: 0 }
  }

  function imported(file: SourceFile, attachments: readonly SourceFile[] = []) {
    const skipped = new SkippedParts()
    const items: Imported[] = [...readFile(file, attachments, skipped)]
    const rows = items.flatMap((item) => ('row' in item ? [item.row] : []))
    const sessions = items.flatMap((item) => ('session' in item ? [item.session] : []))
    return { rows, sessions, skipped: skipped.words }
  }

  const meaning = ({ direction, kind, payload }: NewRow) => [
    direction,
    kind,
    Buffer.from(payload).toString(),
  ]

  const echo = [
    ['out', 'text', 'grüße 😀'],
    ['out', 'binary', Buffer.from([0, 255, 7]).toString()],
    ['in', 'text', 'grüße 😀'],
    ['in', 'binary', Buffer.from([0, 255, 7]).toString()],
  ]

  it.each(['embed', 'attach'] as const)(
    'reads what Playwright records, content: %s',
    async (content) => {
      const name = `${content}.har`
      const before = Date.now()
      const file = await record(name, content)
      const names = (await readdir(folder)).filter((item) => item.endsWith('.jsonl'))
      const attached = names.map((item) => ({ name: item, path: join(folder, item), size: 0 }))
      const { rows, sessions, skipped } = imported(file, attached)
      expect(skipped).toEqual([])
      expect(sessions).toMatchObject([
        { number: 1, role: 'client', url: page.replace('http', 'ws') },
      ])
      const [open, ...messages] = rows
      expect(Buffer.from(must(open).payload).toString()).toMatch(
        /^GET \/ HTTP\/1\.1\r\n[^]*Sec-WebSocket-Key[^]*\r\n\r\nHTTP\/1\.1 101 [^]*Sec-WebSocket-Accept[^]*\r\n\r\n$/i,
      )
      expect(messages.map(meaning).toSorted()).toEqual(echo.toSorted())
      for (const { time } of messages) {
        expect(time).toBeGreaterThan(before - 5000)
        expect(time).toBeLessThan(Date.now() + 5000)
      }
      if (content === 'embed') return
      expect(attached.length).toBeGreaterThan(0)
      expect(() => imported(file)).toThrow('Import it together with them.')
      const alone = imported(must(attached[0]))
      expect(alone.rows.map(meaning).toSorted()).toEqual(echo.toSorted())
    },
  )

  it('is read by Chrome, and has the members that Chrome writes', async () => {
    const log = new ListedRows()
    log.open({ url: 'ws://127.0.0.1:8765/chat?room=1' })
    const heads = headsOf({ target: '/chat?room=1', request: 'Cookie: a=b\r\n' })
    log.add(newRow({ kind: 'open', direction: 'none', payload: heads }))
    log.add(newRow({ direction: 'out', payload: 'grüße "😀"', time: 1_795_000_000_123.456 }))
    log.add(newRow({ direction: 'in', kind: 'ping', payload: 'no' }))
    log.add(newRow({ direction: 'in', kind: 'binary', payload: Uint8Array.of(0, 255) }))
    log.add(newRow({ direction: 'none', kind: 'error', payload: 'lost' }))
    const redaction = { ...defaultRedaction(), credentials: false }
    const format = { name: 'har', mode: 'chrome' } as const
    const text = (
      await collect(startExport({ log, rows: allOf(log), format, redaction }))
    ).toString()
    const ours = JSON.parse(text) as Har
    const tab = await browser.newPage()
    // The developer tools that Chromium serves to a remote debugger are its own.
    await tab.goto(`${devtools}/json/version`)
    // As text, because the test's own build would rewrite an import.
    const chrome: unknown = await tab.evaluate(`(async () => {
      const { HARFormat, Importer, Log } = await import('/devtools/models/har/har.js')
      const root = new HARFormat.HARRoot(${JSON.stringify(ours)})
      const requests = Importer.Importer.requestsFromHARLog(root.log)
      const log = await Log.Log.build(requests, { sanitize: false })
      return { log: JSON.parse(JSON.stringify(log)) }
    })()`)
    await tab.close()
    const [written] = (chrome as Har).log.entries
    const [entry] = ours.log.entries
    expect(Object.keys((chrome as Har).log).sort()).toEqual(Object.keys(ours.log).sort())
    expect(must(entry)['_webSocketMessages']).toEqual([
      { type: 'send', time: 1_795_000_000.123456, opcode: 1, data: 'grüße "😀"' },
      { type: 'receive', time: 1_795_000_000, opcode: 2, data: 'AP8=' },
      { type: 'error', time: 1_795_000_000, opcode: -1, data: 'lost' },
    ])
    expect(must(written)['_webSocketMessages']).toEqual(must(entry)['_webSocketMessages'])
    expect(Object.keys(must(written)).sort()).toEqual(Object.keys(must(entry)).sort())
    for (const part of ['request', 'response', 'timings'])
      expect(Object.keys(must(must(written)[part])).sort()).toEqual(
        Object.keys(must(must(entry)[part])).sort(),
      )
    expect(must(written)['request']).toMatchObject({
      url: 'ws://127.0.0.1:8765/chat?room=1',
      method: 'GET',
    })
    expect(must(written)['response']).toMatchObject({
      status: 101,
      statusText: 'Switching Protocols',
    })
  })
})

async function freePort(): Promise<number> {
  const probe: Server = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}
