import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient, type Client } from '@shared/client'
import { chunkBytes } from '@shared/contract'
import { AppError } from '@shared/errors'
import { defaultRedaction } from '@shared/model/export'
import { defaultConfig, emptyDraft, type Connection } from '@shared/model/connection'
import { everything } from '@shared/model/frame-filter'
import { defaultServerConfig } from '@shared/model/local-server'
import { PackedFrames } from '@shared/model/packed-frames'
import { planOf } from '@shared/model/server-presets'
import type { Transport } from '@shared/transport'
import type { Backend } from '../../src/main/backend'
import { ServerCertificates } from '../../src/main/engine/local-server/tls/server-certificates'
import { must } from '../fakes/must'
import { exercisedClient, nextEvent, type ExercisedClient } from './exercised-client'
import { links, type Link } from './links'
import {
  brokenEvents,
  neverOpens,
  openBackend,
  removeFolder,
  temporaryFolder,
} from './test-backend'

const text = (value: string) => new TextEncoder().encode(value)

describe.each(links)('over $name', ({ open }) => {
  let folder: string
  let backend: Backend
  let link: Link
  let transport: Transport
  let client: ExercisedClient
  let other: Client

  beforeAll(async () => {
    folder = await temporaryFolder()
    backend = await openBackend(folder)
    link = await open(backend)
    transport = await link.connect()
    client = exercisedClient(createClient(transport))
    other = createClient(await link.connect())
  })

  afterAll(async () => {
    await link.close()
    await backend.dispose()
    await removeFolder(folder)
    expect(brokenEvents).toEqual([])
  })

  async function connectTo(url: string): Promise<Connection> {
    const created = await client.call('connections.create', { config: defaultConfig(url) })
    const isOpen = nextEvent(
      client,
      'connections.changed',
      ({ id, state }) => id === created.id && state.phase === 'open',
    )
    await client.call('connections.connect', { connectionId: created.id })
    return isOpen
  }

  async function startServer() {
    const [first] = await client.call('servers.list', {})
    const { id: serverId } = must(first)
    const config = { ...defaultServerConfig(), port: 0 }
    await client.call('servers.update', { serverId, config })
    return client.call('servers.start', { serverId })
  }

  async function urlOfServer(): Promise<string> {
    const { urls } = await startServer()
    return urls[0] ?? ''
  }

  describe('app', () => {
    it('tells what it is and what it can do', async () => {
      const info = await client.call('app.info', {})
      expect(info).toMatchObject({
        name: 'Framescope',
        version: '1.2.3',
        host: 'web',
        dataFolder: folder,
        capabilities: {
          secretsPersist: false,
          openExternal: true,
          nativeMenu: false,
          chooseFolder: true,
        },
        notices: [],
      })
    })

    it('opens web links only', async () => {
      await client.call('app.openExternal', { url: 'https://example.org/' })
      for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'example.org', ''])
        await expect(client.call('app.openExternal', { url })).rejects.toMatchObject({
          code: 'INVALID_INPUT',
        })
    })

    it('takes it that a notice was dismissed already', async () => {
      await client.call('app.dismissNotice', { noticeId: 'gone' })
    })

    it('tells of menu items', async () => {
      const chosen = nextEvent(client, 'menu.chosen')
      backend.menuChosen('connections.new')
      expect(await chosen).toEqual({ command: 'connections.new' })
    })
  })

  describe('settings', () => {
    it('changes some and tells every client', async () => {
      const told = nextEvent(other, 'settings.changed')
      const updated = await client.call('settings.update', {
        theme: 'dark',
        panes: { main: [30, 70] },
      })
      expect(updated).toMatchObject({
        theme: 'dark',
        density: 'regular',
        panes: { main: [30, 70] },
      })
      expect(await told).toEqual(updated)
      expect(await client.call('settings.get', {})).toEqual(updated)
      expect(backend.settings()).toEqual(updated)
    })
  })

  describe('profiles', () => {
    it('are created, changed, copied, moved, deleted and brought back', async () => {
      const [starter] = await client.call('profiles.list', {})
      expect(starter?.name).toBe('Local echo')
      const told = nextEvent(other, 'profiles.changed')
      const { id } = await client.call('profiles.create', {
        name: '  Staging ',
        config: defaultConfig('wss://staging.example/'),
      })
      expect((await told).at(-1)).toMatchObject({ id, name: 'Staging' })
      await client.call('profiles.update', { profileId: id, name: 'Production' })
      const copy = await client.call('profiles.duplicate', { profileId: id })
      expect(copy.name).toBe('Production copy')
      await client.call('profiles.move', { profileId: copy.id, index: 0 })
      await client.call('profiles.delete', { profileId: copy.id })
      expect((await client.call('profiles.list', {})).map((each) => each.id)).not.toContain(copy.id)
      expect(await client.call('profiles.restore', { profileId: copy.id })).toEqual(copy)
      const list = await client.call('profiles.list', {})
      expect(list[0]).toEqual(copy)
      expect(list.at(-1)).toMatchObject({ id, name: 'Production' })
    })

    it('open as connections with their name and configuration', async () => {
      const [profile] = await client.call('profiles.list', {})
      const connection = await client.call('connections.create', { profileId: profile?.id })
      expect(connection).toMatchObject({
        name: profile?.name,
        config: profile?.config,
        profileId: profile?.id,
      })
      await client.call('connections.remove', { connectionId: connection.id })
    })

    it('are not found once they are gone', async () => {
      const missing = { code: 'NOT_FOUND' }
      await expect(client.call('profiles.delete', { profileId: 'x' })).rejects.toMatchObject(
        missing,
      )
      await expect(client.call('connections.create', { profileId: 'x' })).rejects.toMatchObject(
        missing,
      )
    })
  })

  describe('secrets', () => {
    it('are sent as headers and shown to nobody', async () => {
      const { secretRef } = await client.call('secrets.put', { value: 'Bearer hunter2' })
      const url = await urlOfServer()
      const config = defaultConfig(url)
      config.headers = [{ secret: true, enabled: true, name: 'Authorization', secretRef }]
      const { id } = await client.call('connections.create', { config })
      const opened = nextEvent(
        client,
        'connections.changed',
        (connection) => connection.id === id && connection.state.phase === 'open',
      )
      await client.call('connections.connect', { connectionId: id })
      const { requestHead } = (await opened).state.handshake ?? { requestHead: '' }
      expect(requestHead).toContain('Authorization:')
      expect(JSON.stringify(await client.call('connections.list', {}))).not.toContain('hunter2')
      await client.call('connections.remove', { connectionId: id })
    })

    it('must be entered again when they are not known', async () => {
      const config = defaultConfig('ws://127.0.0.1:1/')
      config.headers = [{ secret: true, enabled: true, name: 'Cookie', secretRef: 'unknown' }]
      const { id } = await client.call('connections.create', { config })
      await expect(client.call('connections.connect', { connectionId: id })).rejects.toMatchObject({
        code: 'SECRET_MISSING',
      })
      await client.call('connections.remove', { connectionId: id })
    })
  })

  describe('connections and frames', () => {
    it('send, receive, show and export what crossed the wire', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      const view = await client.call('frames.openView', { logId, filter: everything() })
      const grown = nextEvent(client, 'frames.grew', ({ tail }) =>
        Boolean(tail?.rows.some((row) => row.kind === 'text' && row.direction === 'in')),
      )
      const payload = text('{"hello":"wörld"}')
      const draft = { ...emptyDraft(), format: 'json' as const, text: '{"hello":"wörld"}' }
      await client.call('connections.send', {
        connectionId,
        message: { from: 'bytes', opcode: 'text', payload, draft },
      })
      expect((await grown).state.viewId).toBe(view.viewId)

      const page = await client.call('frames.page', { viewId: view.viewId, start: 0, count: 100 })
      const received = page.rows.find((row) => row.kind === 'text' && row.direction === 'in')
      expect(received).toMatchObject({ size: payload.byteLength, preview: '{"hello":"wörld"}' })
      const rowId = received?.id ?? -1
      expect(await client.call('frames.locate', { viewId: view.viewId, rowId })).toEqual({
        position: rowId,
        exact: true,
      })
      const detail = await client.call('frames.detail', { logId, rowId })
      expect(detail).toMatchObject({
        row: received,
        session: { number: received?.session, role: 'client' },
        raw: null,
      })
      const [frame, ...others] = new PackedFrames(detail.frames)
      expect(frame).toMatchObject({ payloadLength: payload.byteLength })
      expect([...(frame?.header ?? [])]).toEqual([0x81, payload.byteLength])
      expect(others).toEqual([])
      const part = await client.call('frames.payload', { logId, rowId, offset: 2, length: 5 })
      expect(new TextDecoder().decode(part.bytes)).toBe('hello')
      expect(part.size).toBe(payload.byteLength)
      const copied = await client.call('frames.copy', {
        viewId: view.viewId,
        ranges: [[rowId, rowId + 1]],
      })
      expect(JSON.parse(copied.text)).toMatchObject({ id: rowId, text: '{"hello":"wörld"}' })

      const history = await client.call('connections.history', { connectionId })
      expect(history).toMatchObject([{ format: 'json', content: '{"hello":"wörld"}' }])

      const none = await client.call('frames.setFilter', {
        viewId: view.viewId,
        filter: { ...everything(), query: '"nowhere to be found"' },
      })
      expect(none.total).toBe(0)
      await client.call('frames.setFilter', { viewId: view.viewId, filter: everything() })

      const progress = nextEvent(client, 'exports.progress', ({ rows, total }) => rows === total)
      const saved = await client.call('frames.export', {
        exportId: 'first',
        viewId: view.viewId,
        scope: { rows: 'all' },
        format: { name: 'jsonl' },
        redaction: defaultRedaction(),
      })
      expect((await progress).exportId).toBe('first')
      await client.call('exports.cancel', { exportId: 'first' })
      if (saved.outcome !== 'download') throw new Error(`The export was ${saved.outcome}`)
      expect(saved.name).toMatch(/^framescope-127\.0\.0\.1-\d+ .*\.jsonl$/)
      const lines = await download(saved.fileId, saved.size)
      expect(lines.trimEnd().split('\n').length).toBeGreaterThanOrEqual(3)

      const file = await client.call('frames.savePayload', { logId, rowId })
      if (file.outcome !== 'download') throw new Error(`The payload was ${file.outcome}`)
      expect(file.name).toMatch(/\.json$/)
      expect(await download(file.fileId, file.size)).toBe('{"hello":"wörld"}')

      await client.call('frames.closeView', { viewId: view.viewId })
      await client.call('connections.remove', { connectionId })
      await expect(client.call('frames.detail', { logId, rowId })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    })

    async function download(fileId: string, size: number): Promise<string> {
      const { bytes } = await client.call('files.read', { fileId, offset: 0, length: size })
      await client.call('files.release', { fileId })
      await expect(
        client.call('files.read', { fileId, offset: 0, length: 1 }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
      return new TextDecoder().decode(bytes)
    }

    it('search, bookmark, add up and date what they show', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      const { viewId } = await client.call('frames.openView', { logId, filter: everything() })
      const came = nextEvent(client, 'frames.grew', ({ state }) => state.total >= 5)
      for (const word of ['one', 'two'])
        await client.call('connections.send', {
          connectionId,
          message: { from: 'bytes', opcode: 'text', payload: text(word), draft: null },
        })
      const { total } = (await came).state
      const searched = nextEvent(client, 'frames.grew', ({ state }) => state.find?.total === 2)
      const { find } = await client.call('frames.setFind', { viewId, query: 'two' })
      expect(find).toMatchObject({ query: 'two' })
      await searched
      const found = await client.call('frames.findNext', {
        viewId,
        position: null,
        backwards: false,
      })
      const rowId = found?.rowId ?? -1
      expect(found).toMatchObject({ index: 0 })
      const marks = await client.call('frames.found', { viewId, start: 0, count: 10 })
      expect(marks.filter(Boolean)).toHaveLength(2)
      await expect(client.call('frames.setFind', { viewId, query: 'a and' })).rejects.toMatchObject(
        {
          code: 'FILTER_INVALID',
          details: { start: expect.any(Number) as number, end: expect.any(Number) as number },
        },
      )

      const told = nextEvent(other, 'frames.bookmarksChanged')
      await client.call('frames.bookmark', { logId, rowId, note: 'look here' })
      expect(await told).toEqual({ logId, bookmarks: [{ rowId, note: 'look here' }] })
      expect(await client.call('frames.bookmarks', { logId })).toEqual([
        { rowId, note: 'look here' },
      ])
      const { rows } = await client.call('frames.page', { viewId, start: rowId, count: 1 })
      expect(rows[0]).toMatchObject({ note: 'look here' })

      const all: [number, number] = [0, total]
      const statistics = await client.call('frames.statistics', { viewId, ranges: [all] })
      expect(statistics).toMatchObject({
        rows: total,
        in: { rows: 2, bytes: 6 },
        out: { rows: 2, bytes: 6 },
      })
      const timeline = await client.call('frames.timeline', { viewId, period: null, parts: 10 })
      expect(timeline?.counts.reduce((sum, count) => sum + count, 0)).toBe(total)
      const time = rows[0]?.time ?? 0
      const { position } = await client.call('frames.locateTime', { viewId, time })
      expect(position).toBeLessThanOrEqual(rowId)
      expect(await client.call('frames.logState', { logId })).toMatchObject({
        logId,
        storage: 'disk',
        problem: null,
        lost: 0,
      })
      await client.call('connections.remove', { connectionId })
    })

    it('decode a payload step by step, also by a schema', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      await client.call('frames.openView', { logId, filter: everything() })
      const came = nextEvent(client, 'frames.grew', ({ state }) => state.total >= 3)
      const payload = Uint8Array.of(0x0a, 0x02, 0x68, 0x69)
      await client.call('connections.send', {
        connectionId,
        message: { from: 'bytes', opcode: 'binary', payload, draft: null },
      })
      await came
      const proto = text('syntax = "proto3"; message Greeting { string words = 1; }')
      const { fileId } = await client.call('files.create', {
        name: 'greeting.proto',
        size: proto.byteLength,
      })
      await client.call('files.append', { fileId, offset: 0, bytes: proto })
      const told = nextEvent(other, 'schemas.changed')
      const schema = await client.call('schemas.add', { fileId })
      expect(schema).toMatchObject({ name: 'greeting.proto', messages: ['Greeting'] })
      expect(await told).toEqual([schema])
      expect(await client.call('schemas.list', {})).toEqual([schema])

      const { schemaId } = schema
      const decoded = await client.call('decode.open', {
        logId,
        rowId: 1,
        chain: [{ name: 'protobuf', schemaId, message: 'Greeting' }],
      })
      expect(decoded).toMatchObject({ media: 'json', problem: null })
      const { decodedId, size } = decoded
      const { bytes } = await client.call('decode.read', { decodedId, offset: 0, length: size })
      expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({ words: 'hi' })
      await expect(
        other.call('decode.read', { decodedId, offset: 0, length: 1 }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await client.call('decode.close', { decodedId })
      const { chains } = await client.call('decode.suggest', { logId, rowId: 1 })
      expect(Array.isArray(chains)).toBe(true)
      await client.call('schemas.remove', { schemaId })
      expect(await client.call('schemas.list', {})).toEqual([])
      await client.call('connections.remove', { connectionId })
    })

    it('carry every byte of a file in chunks', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      const bytes = Uint8Array.from({ length: chunkBytes + 500 }, (_, index) => index % 251)
      const { fileId } = await client.call('files.create', {
        name: 'some.bin',
        size: bytes.byteLength,
      })
      const first = bytes.subarray(0, chunkBytes)
      await client.call('files.append', { fileId, offset: 0, bytes: first })
      const rest = bytes.slice(chunkBytes)
      await client.call('files.append', { fileId, offset: chunkBytes, bytes: rest })
      await client.call('connections.send', {
        connectionId,
        message: { from: 'file', opcode: 'binary', fileId },
      })
      const view = await client.call('frames.openView', { logId, filter: everything() })
      const echo = await vi.waitFor(
        async () => {
          const { rows } = await client.call('frames.page', {
            viewId: view.viewId,
            start: 0,
            count: 100,
          })
          const row = rows.find(({ kind, direction }) => kind === 'binary' && direction === 'in')
          expect(row?.size).toBe(bytes.byteLength)
          return row
        },
        { timeout: 10_000 },
      )
      const payload = await client.call('frames.payload', {
        logId,
        rowId: echo?.id ?? -1,
        offset: 0,
        length: chunkBytes,
      })
      expect(Buffer.compare(payload.bytes, bytes.subarray(0, chunkBytes))).toBe(0)
      await client.call('connections.remove', { connectionId })
    })

    it('are named, drafted, pinged, repeated, disconnected and terminated', async () => {
      const { id: connectionId } = await connectTo(await urlOfServer())
      const renamed = await client.call('connections.update', { connectionId, name: 'Mine' })
      expect(renamed.name).toBe('Mine')
      expect((await client.call('connections.list', {})).map(({ name }) => name)).toContain('Mine')

      const draft = { ...emptyDraft(), text: 'a\r\nb' }
      await client.call('connections.setDraft', { connectionId, draft })
      expect(await client.call('connections.draft', { connectionId })).toEqual(draft)

      const measured = nextEvent(client, 'latency.changed', ({ stats }) => stats.count > 0)
      await client.call('connections.ping', { connectionId, payload: text('are you there') })
      expect((await measured).connectionId).toBe(connectionId)
      const stats = await client.call('connections.latency', { connectionId })
      expect(stats.last).toBeGreaterThan(0)

      await client.call('connections.startRepeat', {
        connectionId,
        opcode: 'text',
        format: 'text',
        content: 'number {{counter}}',
        interval: 60_000,
        total: null,
      })
      const repeating = await client.call('connections.list', {})
      expect(repeating.find(({ id }) => id === connectionId)?.repeat).toMatchObject({ total: null })
      await client.call('connections.stopRepeat', { connectionId })

      const closed = nextEvent(
        client,
        'connections.changed',
        ({ id, state }) => id === connectionId && state.phase === 'closed',
      )
      await client.call('connections.disconnect', { connectionId, code: 4001, reason: 'enough' })
      expect((await closed).state.close).toEqual({
        code: 4001,
        reason: 'enough',
        by: 'local',
        clean: true,
      })

      const reopened = nextEvent(
        client,
        'connections.changed',
        ({ id, state }) => id === connectionId && state.phase === 'open',
      )
      await client.call('connections.connect', { connectionId })
      await reopened
      const ended = nextEvent(
        client,
        'connections.changed',
        ({ id, state }) => id === connectionId && state.phase === 'closed',
      )
      await client.call('connections.terminate', { connectionId })
      expect((await ended).state.close).toMatchObject({ code: 1006, clean: false })

      const removed = nextEvent(client, 'connections.removed')
      await client.call('connections.remove', { connectionId })
      expect(await removed).toEqual({ connectionId })
    })

    it('refuse to send while they are closed', async () => {
      const { id } = await client.call('connections.create', { config: defaultConfig('ws://a') })
      const message = { from: 'bytes', opcode: 'text', payload: text('a'), draft: null } as const
      await expect(
        client.call('connections.send', { connectionId: id, message }),
      ).rejects.toMatchObject({ code: 'NOT_OPEN' })
      await client.call('connections.remove', { connectionId: id })
    })
  })

  describe('captures', () => {
    it('are saved, opened, named, deleted, brought back and imported', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      const told = nextEvent(other, 'captures.changed', (all) =>
        all.some(({ name }) => name === 'Before'),
      )
      const saved = await client.call('captures.save', { logId, name: ' Before ' })
      expect(saved).toMatchObject({ name: 'Before', kind: 'saved', recovered: false, rows: 1 })
      expect(await told).toContainEqual(saved)
      const captureId = saved.id
      await client.call('captures.rename', { captureId, name: 'After' })
      const opened = await client.call('captures.open', { captureId })
      expect(await client.call('captures.open', { captureId })).toEqual(opened)
      const view = await client.call('frames.openView', {
        logId: opened.logId,
        filter: everything(),
      })
      const read = () => client.call('frames.page', { viewId: view.viewId, start: 0, count: 10 })
      const { rows } = await vi.waitFor(async () => {
        const page = await read()
        expect(page.rows).toHaveLength(1)
        return page
      })
      expect(rows[0]).toMatchObject({ kind: 'open' })
      await client.call('captures.close', { captureId })
      await expect(read()).rejects.toMatchObject({ code: 'NOT_FOUND' })

      const names = async () => (await client.call('captures.list', {})).map(({ name }) => name)
      await client.call('captures.delete', { captureId })
      expect(await names()).not.toContain('After')
      await client.call('captures.restore', { captureId })
      expect(await names()).toContain('After')

      const har = text(
        JSON.stringify({
          log: {
            version: '1.2',
            creator: { name: 'test', version: '1' },
            entries: [
              {
                startedDateTime: '2026-01-02T03:04:05.000Z',
                request: { method: 'GET', url: 'wss://feed.example/', headers: [] },
                response: { status: 101, headers: [] },
                _resourceType: 'websocket',
                _webSocketMessages: [
                  { type: 'receive', time: 1_767_323_045.5, opcode: 1, data: 'hello' },
                ],
              },
            ],
          },
        }),
      )
      const { fileId } = await client.call('files.create', {
        name: 'feed.har',
        size: har.byteLength,
      })
      await client.call('files.append', { fileId, offset: 0, bytes: har })
      const progress = nextEvent(client, 'captures.importProgress', ({ rows }) => rows === 2)
      const imported = must(await client.call('captures.import', { fileId }))
      const { capture, skippedCount } = imported
      expect((await progress).fileId).toBe(fileId)
      await client.call('captures.cancelImport', { fileId })
      expect(capture).toMatchObject({ name: 'feed', origin: 'feed.har', kind: 'saved' })
      expect(skippedCount).toBe(0)
      await client.call('connections.remove', { connectionId })
    })

    it('are not found once they are gone', async () => {
      await expect(client.call('captures.open', { captureId: 'x' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      await expect(client.call('captures.save', { logId: 'x', name: 'y' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
    })
  })

  describe('servers', () => {
    it('start, tell of their clients, send, let them go and stop', async () => {
      const state = await startServer()
      const serverId = state.id
      expect(state.phase).toBe('running')
      const plan = planOf('relay')
      const relay = await client.call('servers.update', {
        serverId,
        config: { ...state.config, plan },
      })
      expect(relay).toMatchObject({ phase: 'running', restartNeeded: false, config: { plan } })

      const come = nextEvent(client, 'servers.clientsChanged', ({ total }) => total === 2)
      const one = await connectTo(state.urls[0] ?? '')
      const two = await connectTo(state.urls[0] ?? '')
      expect((await come).serverId).toBe(serverId)
      const { total, clients } = await client.call('servers.clients', {
        serverId,
        offset: 0,
        limit: 10,
      })
      expect(total).toBe(2)
      const [first, second] = clients
      if (!first || !second) throw new Error('There should be two clients')

      const message = { from: 'bytes', opcode: 'text', payload: text('hi'), draft: null } as const
      const all = { serverId, clientIds: null, message }
      expect(await client.call('servers.send', all)).toEqual({ sent: 2 })

      const drop = { id: 'd', enabled: true, probability: 1, count: null, kind: 'drop' } as const
      await client.call('servers.setClientFaults', {
        serverId,
        clientIds: [first.id],
        faults: [drop],
      })
      expect(await client.call('servers.clientFaults', { serverId, clientId: first.id })).toEqual([
        drop,
      ])

      const closed = (id: string) =>
        nextEvent(
          client,
          'connections.changed',
          (connection) => connection.id === id && connection.state.phase === 'closed',
        )
      const [left, lost] = [closed(one.id), closed(two.id)]
      await client.call('servers.disconnectClients', {
        serverId,
        clientIds: [first.id],
        code: 1012,
      })
      await client.call('servers.terminateClients', { serverId, clientIds: [second.id] })
      expect((await left).state.close).toMatchObject({ code: 1012, by: 'peer' })
      expect((await lost).state.close).toMatchObject({ code: 1006, clean: false })

      await client.call('servers.stop', { serverId })
      expect((await client.call('servers.list', {}))[0]).toMatchObject({
        phase: 'stopped',
        port: null,
      })
      await expect(client.call('servers.send', all)).rejects.toMatchObject({
        code: 'SERVER_STOPPED',
      })
      for (const { id } of [one, two]) await client.call('connections.remove', { connectionId: id })
    })

    it('are several, each with a port of its own', async () => {
      const told = nextEvent(other, 'servers.changed', ({ name }) => name === 'Chat')
      const chat = await client.call('servers.create', { name: ' Chat ' })
      expect((await told).id).toBe(chat.id)
      const copy = await client.call('servers.duplicate', { serverId: chat.id })
      expect(copy).toMatchObject({ name: 'Chat copy', phase: 'stopped' })
      expect(copy.config.port).not.toBe(chat.config.port)
      const renamed = { serverId: copy.id, name: 'Lobby', autostart: true }
      expect(await client.call('servers.update', renamed)).toMatchObject({ name: 'Lobby' })

      const gone = nextEvent(other, 'servers.removed')
      await client.call('servers.remove', { serverId: copy.id })
      expect(await gone).toEqual({ serverId: copy.id })
      await expect(client.call('servers.start', { serverId: copy.id })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      expect(await client.call('servers.restore', { serverId: copy.id })).toMatchObject({
        name: 'Lobby',
        autostart: false,
        phase: 'stopped',
      })
      for (const { id: serverId } of [chat, copy]) await client.call('servers.remove', { serverId })
    })

    it('go from one machine to another as text, without what reaches further', async () => {
      const config = { ...defaultServerConfig(), allInterfaces: true, plan: planOf('http') }
      const { id: serverId } = await client.call('servers.create', { name: 'Chat', config })
      await client.call('servers.update', { serverId, autostart: true })
      const saved = await client.call('servers.export', { serverId })
      if (saved.outcome !== 'download') throw new Error(`The export was ${saved.outcome}`)
      expect(saved.name).toMatch(/^framescope-Chat.*\.json$/)
      const { fileId } = saved
      const read = { fileId, offset: 0, length: saved.size }
      const file = new TextDecoder().decode((await client.call('files.read', read)).bytes)
      const [added] = await client.call('servers.import', { text: file })
      const { server, leftOut } = must(added)
      expect(leftOut).toEqual(['listening on all interfaces', 'starting with the app'])
      expect(server).toMatchObject({
        name: 'Chat',
        autostart: false,
        phase: 'stopped',
        config: { ...config, allInterfaces: false },
      })
      expect(server.id).not.toBe(serverId)
      for (const [wrong, reason] of [
        ['{', 'it is not JSON'],
        ['{"schemaVersion":99,"data":[]}', 'newer Framescope'],
        ['{"schemaVersion":1,"data":[]}', 'no servers in it'],
        [file.replace('"/chat"', '"chat"'), 'begins with /'],
      ])
        await expect(client.call('servers.import', { text: wrong ?? '' })).rejects.toThrow(reason)
      for (const id of [serverId, server.id]) await client.call('servers.remove', { serverId: id })
    })

    it('refuse a plan that cannot be carried out, and go on with the one they have', async () => {
      const { id: serverId, config } = await startServer()
      const plan = planOf('ticker')
      const [behaviour] = plan.routes[0]?.behaviours ?? []
      if (behaviour?.kind !== 'ticker') throw new Error('There should be a ticker')
      behaviour.template = 'at {{never}}'
      await expect(
        client.call('servers.update', { serverId, config: { ...config, plan } }),
      ).rejects.toMatchObject({
        code: 'PLAN_INVALID',
        details: { path: ['routes', 0, 'behaviours', 0, 'template'], offset: 5 },
      })
      expect((await client.call('servers.list', {}))[0]?.config).toEqual(config)
    })
  })

  describe('folders', () => {
    it('are chosen in a dialog, which may be cancelled', async () => {
      expect(await client.call('folders.choose', {})).toBeNull()
      expect(await client.call('folders.list', {})).toEqual([])
    })
  })

  describe('certificates', () => {
    it('are made for a server, and kept when they are the user’s own', async () => {
      const { pem, facts } = await client.call('certificates.authority', {})
      expect(facts.subject).toContain('Framescope')
      expect(await client.call('certificates.saveAuthority', {})).toMatchObject({
        outcome: 'download',
        name: 'framescope-test-ca.pem',
        size: pem.length,
      })
      const { id: serverId, config } = await client.call('servers.create', {
        config: { ...defaultServerConfig(), port: 0, tls: { mode: 'generated', fault: 'none' } },
      })
      const { port } = await client.call('servers.start', { serverId })
      const socket = connectTls({ port: port ?? 0, host: '127.0.0.1', ca: pem })
      await once(socket, 'secureConnect')
      expect(socket.authorized).toBe(true)
      socket.destroy()

      // Framescope's own connections trust its CA without being told.
      const secured = await connectTo(`wss://127.0.0.1:${port}`)
      expect(secured.state.handshake?.tls).toMatchObject({ authorized: true })
      await client.call('connections.remove', { connectionId: secured.id })

      const pair = await new ServerCertificates({
        get: () => null,
        put: () => Promise.resolve(),
      }).generated('none')
      const upload = async (name: string, content: string) => {
        const bytes = text(content)
        const file = await client.call('files.create', { name, size: bytes.byteLength })
        await client.call('files.append', { fileId: file.fileId, offset: 0, bytes })
        return file.fileId
      }
      const passphrase = null
      await expect(
        client.call('certificates.add', {
          name: 'Mine',
          fileIds: [await upload('a.crt', pair.cert)],
          passphrase,
        }),
      ).rejects.toMatchObject({ code: 'CERTIFICATE_INVALID', details: { problem: 'no-key' } })
      const files = [await upload('a.crt', pair.cert), await upload('a.key', pair.key)]
      const [own] = await client.call('certificates.add', {
        name: 'Mine',
        fileIds: files,
        passphrase,
      })
      const { certificateId } = must(own)
      expect(await client.call('certificates.list', {})).toEqual([own])
      await client.call('servers.update', {
        serverId,
        config: { ...config, tls: { mode: 'own', certificateId } },
      })
      expect(await client.call('servers.start', { serverId })).toMatchObject({
        phase: 'running',
        urls: [expect.stringMatching(/^wss:/) as string],
      })
      await client.call('certificates.unlock', { certificateId, passphrase: 'x' }).catch(() => {})
      await expect(
        client.call('certificates.unlock', { certificateId: 'none', passphrase: 'x' }),
      ).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await client.call('certificates.remove', { certificateId })).toEqual([])
      await client.call('servers.remove', { serverId })
    })
  })

  describe('the door', () => {
    it.each(['nothing.here', '__proto__', 'constructor', 'toString', 'hasOwnProperty', ''])(
      'knows no procedure %j',
      async (name) => {
        expect(await transport.call(name, {})).toMatchObject({
          ok: false,
          error: { code: 'UNKNOWN_PROCEDURE' },
        })
      },
    )

    it.each([
      ['nothing', 'app.info', undefined],
      ['what is unknown', 'app.info', { extra: 1 }],
      ['a wrong type', 'frames.page', { viewId: 'v', start: '0', count: 1 }],
      ['more rows than a page has', 'frames.page', { viewId: 'v', start: 0, count: 101 }],
      ['a negative position', 'frames.page', { viewId: 'v', start: -1, count: 1 }],
      ['a theme that is none', 'settings.update', { theme: 'purple' }],
      ['an empty name', 'profiles.create', { name: ' ', config: defaultConfig() }],
      ['text for bytes', 'connections.ping', { connectionId: 'c', payload: 'text' }],
      [
        'a chunk that is too large',
        'files.append',
        { fileId: 'f', offset: 0, bytes: new Uint8Array(chunkBytes + 1) },
      ],
    ])('refuses %s', async (_, name, input) => {
      expect(await transport.call(name, input)).toMatchObject({
        ok: false,
        error: { code: 'INVALID_INPUT' },
      })
    })

    it('hands a failure over with its code, message and details', async () => {
      const holder = createServer().listen(0, '127.0.0.1')
      await once(holder, 'listening')
      const { port } = holder.address() as AddressInfo
      const config = { ...defaultServerConfig(), port }
      const { id: serverId } = await client.call('servers.create', { config })
      const failure = await client
        .call('servers.start', { serverId })
        .catch((error: unknown) => error)
      holder.close()
      expect(failure).toBeInstanceOf(AppError)
      expect(failure).toMatchObject({
        code: 'PORT_IN_USE',
        message: expect.stringContaining(String(port)) as string,
        details: { nextFree: expect.any(Number) as number },
      })
    })

    it('keeps views, files and their events from other clients', async () => {
      const { id: connectionId, logId } = await connectTo(await urlOfServer())
      const { viewId } = await client.call('frames.openView', { logId, filter: everything() })
      const { fileId } = await client.call('files.create', { name: 'a', size: 1 })
      const heard = vi.fn()
      const stop = other.on('frames.grew', heard)
      const missing = { code: 'NOT_FOUND' }
      await expect(other.call('frames.page', { viewId, start: 0, count: 1 })).rejects.toMatchObject(
        missing,
      )
      await expect(
        other.call('frames.setFilter', { viewId, filter: everything() }),
      ).rejects.toMatchObject(missing)
      await expect(
        other.call('files.append', { fileId, offset: 0, bytes: new Uint8Array(1) }),
      ).rejects.toMatchObject(missing)
      await other.call('frames.closeView', { viewId })
      await other.call('files.release', { fileId })

      const grown = nextEvent(client, 'frames.grew', ({ state }) => state.viewId === viewId)
      const message = { from: 'bytes', opcode: 'text', payload: text('a'), draft: null } as const
      await client.call('connections.send', { connectionId, message })
      await grown
      await client.call('files.append', { fileId, offset: 0, bytes: new Uint8Array(1) })
      expect(heard).not.toHaveBeenCalled()
      stop()
      await client.call('connections.remove', { connectionId })
    })

    it('tells nothing to who stopped listening', async () => {
      const heard = vi.fn()
      const kept = vi.fn()
      const stop = client.on('settings.changed', heard)
      const stopKept = client.on('settings.changed', kept)
      stop()
      await client.call('settings.update', { theme: 'light' })
      await client.call('settings.update', { theme: 'dark' })
      await vi.waitFor(() => expect(kept).toHaveBeenCalledTimes(2))
      expect(heard).not.toHaveBeenCalled()
      stopKept()

      const raw = vi.fn()
      transport.on(raw)()
      await client.call('settings.update', { theme: 'system' })
      await delay(20)
      expect(raw).not.toHaveBeenCalled()
    })
  })

  it('has exercised every procedure of the contract', () => {
    expect(client.missing()).toEqual([])
  })

  it('answers whoever waits with BACKEND_GONE when the engine ends', async () => {
    const pending = [client, other].map((each) =>
      each.call('app.openExternal', { url: neverOpens }),
    )
    const outcomes = Promise.allSettled(pending)
    // Answered in order, so the calls before it have arrived.
    await Promise.all([client.call('app.info', {}), other.call('app.info', {})])
    await link.die()
    expect(await outcomes).toMatchObject([
      { status: 'rejected', reason: { code: 'BACKEND_GONE' } },
      { status: 'rejected', reason: { code: 'BACKEND_GONE' } },
    ])
  })
})
