import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  defaultConfig,
  emptyDraft,
  type Connection as ConnectionModel,
  type ConnectionConfig,
} from '@shared/model/connection'
import { echo, neverReads, noCloseReply, wsServer } from '../../../../test/servers'
import { serversForTest } from '../../../../test/servers/dial-for-test'
import { SegmentLog } from '../frame-log/segment-log'
import { Connections, defaultName, type ConnectionsSnapshot } from './connections'
import { dial } from './dial'

const { serve } = serversForTest(afterEach)

describe('Connections', () => {
  let connections: Connections
  let changes: ConnectionModel[]
  let removed: string[]
  let latency: string[]
  let snapshots: number
  let logs: SegmentLog[]

  function make(initial?: ConnectionsSnapshot): Connections {
    connections = new Connections({
      dial: (request) => dial({ ...request, secrets: () => undefined }),
      createLog() {
        const log = new SegmentLog({ id: `log${logs.length}`, folder: null })
        logs.push(log)
        return log
      },
      ...(initial && { initial }),
      onChanged: (connection) => changes.push(connection),
      onRemoved: (connectionId) => removed.push(connectionId),
      onLatencyChanged: (connectionId) => latency.push(connectionId),
      onSnapshotChanged: () => (snapshots += 1),
    })
    return connections
  }

  beforeEach(() => {
    changes = []
    removed = []
    latency = []
    snapshots = 0
    logs = []
    make()
  })

  afterEach(async () => {
    await connections.dispose()
  })

  async function open(url: string, config: Partial<ConnectionConfig> = {}): Promise<string> {
    const { id } = connections.create({ config: { ...defaultConfig(url), ...config } })
    connections.get(id).connect()
    await vi.waitFor(() => expect(phase(id)).toBe('open'))
    return id
  }

  const phase = (id: string) => connections.get(id).model.state.phase

  it('opens tabs in their order without connecting them', () => {
    const first = connections.create({ config: defaultConfig('ws://one.test:81/chat') })
    const second = connections.create()
    const third = connections.create({ name: 'Mine', profileId: 'p1' })
    expect(connections.list()).toEqual([first, second, third])
    expect(first).toMatchObject({ name: 'one.test:81', profileId: null, logId: 'log0' })
    expect(second).toMatchObject({ name: 'New connection', state: { phase: 'closed' } })
    expect(third).toMatchObject({ name: 'Mine', profileId: 'p1' })
    expect(new Set([first.id, second.id, third.id]).size).toBe(3)
  })

  it.each([
    ['', 'New connection'],
    ['ws://127.0.0.1:8765', '127.0.0.1:8765'],
    ['example.com/path?x#y', 'example.com'],
    ['wss://user:secret@[::1]:9/', '[::1]:9'],
    ['  localhost:3000', 'localhost:3000'],
    ['ws://', 'New connection'],
  ])('names %j after its host', (url, name) => {
    expect(defaultName(url)).toBe(name)
  })

  it('renames a tab with its URL unless it was given a name', () => {
    const { id } = connections.create()
    const at = (url: string) => connections.update(id, { config: defaultConfig(url) }).name
    expect(at('ws://one.test')).toBe('one.test')
    expect(at('ws://two.test')).toBe('two.test')
    expect(connections.update(id, { name: 'Mine' }).name).toBe('Mine')
    expect(at('ws://three.test')).toBe('Mine')
    expect(connections.update(id, { name: ' ' }).name).toBe('three.test')
    expect(connections.update(id, { profileId: 'p' })).toMatchObject({ profileId: 'p' })
    expect(connections.update(id, { profileId: null })).toMatchObject({ profileId: null })
  })

  it('does not know a tab that was closed', () => {
    const { id } = connections.create()
    connections.remove(id)
    const unknown = expect.objectContaining({ code: 'NOT_FOUND' })
    expect(() => connections.get(id)).toThrow(unknown)
    expect(() => connections.remove(id)).toThrow(unknown)
    expect(removed).toEqual([id])
  })

  it('comes back from its snapshot closed, with names, configurations and drafts', () => {
    const { id } = connections.create({ config: defaultConfig('ws://one.test') })
    connections.get(id).draft = { ...emptyDraft(), text: 'half a message' }
    connections.create({ name: 'Second' })
    const before = connections.list()
    const snapshot: unknown = JSON.parse(JSON.stringify(connections.snapshot()))
    make(snapshot as ConnectionsSnapshot)
    expect(connections.list().map(({ logId: _, ...rest }) => rest)).toEqual(
      before.map(({ logId: _, ...rest }) => rest),
    )
    expect(connections.get(id).draft.text).toBe('half a message')
  })

  it('says when the snapshot changed', () => {
    const { id } = connections.create()
    connections.update(id, { name: 'x' })
    connections.get(id).draft = emptyDraft()
    connections.remove(id)
    expect(snapshots).toBe(4)
  })

  it('sends, counts, keeps the history and reports it all', async () => {
    const id = await open((await serve(echo())).url)
    const draft = { ...emptyDraft(), text: 'hello' }
    await connections.get(id).send('text', Buffer.from('hello'), draft)
    await vi.waitFor(() =>
      expect(changes.at(-1)?.counters).toEqual({
        messagesIn: 1,
        messagesOut: 1,
        bytesIn: 5,
        bytesOut: 5,
      }),
    )
    expect(connections.get(id).history).toMatchObject([{ content: 'hello' }])
    const phases = changes.map(({ state }) => state.phase)
    expect(phases.filter((one, index) => one !== phases[index - 1])).toEqual([
      'closed',
      'connecting',
      'open',
    ])
  })

  it('reports a flood in few events', async () => {
    const flood = await serve(
      wsServer((ws) => {
        for (let index = 0; index < 5000; index += 1) ws.send('x'.repeat(100))
      }),
    )
    const id = await open(flood.url)
    const messagesIn = () => connections.get(id).model.counters.messagesIn
    await vi.waitFor(() => expect(messagesIn()).toBe(5000), { timeout: 10_000 })
    await vi.waitFor(() => expect(changes.at(-1)?.counters.messagesIn).toBe(5000))
    expect(changes.length).toBeLessThan(100)
  })

  it('measures pings against a real peer and writes the time into the pong', async () => {
    const id = await open((await serve(echo())).url, { pingInterval: 20 })
    const connection = connections.get(id)
    await vi.waitFor(() => expect(connection.latency.count).toBeGreaterThan(2))
    await vi.waitFor(() => expect(latency).toContain(id))
    const pong = Array.from({ length: logs[0]?.total ?? 0 }, (_, row) => logs[0]?.row(row)).find(
      (row) => row?.kind === 'pong',
    )
    expect(pong?.rtt).toBeGreaterThan(0)
  })

  it('connects again by itself when a peer cuts the connection', async () => {
    let count = 0
    const server = await serve(
      wsServer((ws) => {
        count += 1
        if (count < 3) ws.terminate()
      }),
    )
    const { id } = connections.create({
      config: {
        ...defaultConfig(server.url),
        retry: { enabled: true, delay: 100, maxAttempts: 0 },
      },
    })
    connections.get(id).connect()
    await vi.waitFor(() => expect(count).toBe(3))
    await vi.waitFor(() =>
      expect(connections.get(id).model.state).toMatchObject({ attempt: 0, phase: 'open' }),
    )
    connections.get(id).disconnect()
    await vi.waitFor(() => expect(phase(id)).toBe('closed'))
    expect(connections.get(id).model.state).toMatchObject({
      nextAttemptAt: null,
      close: { code: 1000, by: 'local', clean: true },
    })
  })

  it('shows the buffer of a peer that does not read', async () => {
    const id = await open((await serve(neverReads())).url)
    const payload = Buffer.alloc(8 * 1024 * 1024)
    for (let index = 0; index < 4; index += 1)
      void connections
        .get(id)
        .send('binary', payload, null)
        .catch(() => {})
    await vi.waitFor(() => expect(changes.at(-1)?.bufferedAmount).toBeGreaterThan(payload.length))
    connections.get(id).terminate()
    await vi.waitFor(() => expect(changes.at(-1)).toMatchObject({ bufferedAmount: 0 }))
  })

  it('repeats a template against a real peer', async () => {
    const id = await open((await serve(echo())).url)
    const connection = connections.get(id)
    connection.startRepeat({
      opcode: 'text',
      format: 'text',
      content: 'message {{counter}}',
      interval: 10,
      total: 3,
    })
    await vi.waitFor(() => expect(connection.model.repeat).toBeNull())
    await vi.waitFor(() => expect(connection.model.counters.messagesIn).toBe(3))
    const log = connection.log
    const texts = Array.from({ length: log.total }, (_, row) => log.row(row))
      .filter((row) => row?.kind === 'text' && row.direction === 'in')
      .map((row) => row?.preview)
    expect(texts).toEqual(['message 1', 'message 2', 'message 3'])
  })

  it('closes a removed connection with 1000 and tells no more of it', async () => {
    const closes: number[] = []
    const server = await serve(wsServer((ws) => ws.on('close', (code) => closes.push(code))))
    const id = await open(server.url)
    connections.remove(id)
    const told = changes.length
    await vi.waitFor(() => expect(closes).toEqual([1000]))
    expect(changes).toHaveLength(told)
  })

  it('closes all with 1001 when the app ends, and waits for nobody for long', async () => {
    const closes: number[] = []
    const polite = await serve(wsServer((ws) => ws.on('close', (code) => closes.push(code))))
    const rude = await serve(noCloseReply())
    await open(polite.url)
    // Far beyond the time the test may take.
    const stuck = await open(rude.url, { closeTimeout: 600_000 })
    const connection = connections.get(stuck)
    await connections.dispose()
    expect(connection.model.state.phase).toBe('closed')
    await vi.waitFor(() => expect(closes).toEqual([1001]))
    expect(connections.snapshot().connections).toHaveLength(2)
  })

  it('stops waiting for a retry when the app ends', async () => {
    const server = await serve(echo())
    const id = await open(server.url, { retry: { enabled: true, delay: 100, maxAttempts: 0 } })
    const connection = connections.get(id)
    await server.close()
    await vi.waitFor(() => expect(connection.model.state.nextAttemptAt).not.toBeNull())
    await connections.dispose()
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(connection.model.state).toMatchObject({ phase: 'closed', nextAttemptAt: null })
  })
})
