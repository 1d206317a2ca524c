import { parametersOf } from './route-path'
import type { Route } from './server-route'

/** Something that speaks WebSocket, and how it is made to connect to a route. */
export interface ConnectSnippet {
  readonly id: 'browser' | 'node' | 'python' | 'wscat' | 'websocat' | 'curl'
  readonly label: string
  /** Of the text, for its highlighting and the file it would be in. */
  readonly language: 'javascript' | 'python' | 'shell'
  readonly text: string
}

interface Call {
  readonly url: string
  readonly protocols: readonly string[]
  readonly headers: readonly { readonly name: string; readonly value: string }[]
}

/**
 * How clients of several makes connect to a route: with the subprotocols it accepts, the headers and the
 * token it asks for, and its parameters by their names.
 * @param base of the server, `ws://127.0.0.1:8765`, without a path.
 */
export function connectSnippets(base: string, route: Route): ConnectSnippet[] {
  const call = callOf(base, route)
  return [
    { id: 'browser', label: 'Browser', language: 'javascript', text: browser(call) },
    { id: 'node', label: 'Node ws', language: 'javascript', text: node(call) },
    { id: 'python', label: 'Python websockets', language: 'python', text: python(call) },
    { id: 'wscat', label: 'wscat', language: 'shell', text: wscat(call) },
    { id: 'websocat', label: 'websocat', language: 'shell', text: websocat(call) },
    { id: 'curl', label: 'curl', language: 'shell', text: curl(call) },
  ]
}

function callOf(base: string, { path, requires, protocols }: Route): Call {
  const parameters = parametersOf(path)
  const place =
    path === '*'
      ? '/'
      : parameters
          .reduce((text, name) => text.replace(`:${name}`, name), path)
          .replace(/\/\*$/, '/')
  const query = requires
    .filter((requirement) => requirement.in === 'query')
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value || 'any')}`)
  return {
    url: base + place + (query.length > 0 ? `?${query.join('&')}` : ''),
    protocols: protocols.choose === 'none' ? [] : protocols.accepted,
    headers: requires
      .filter((requirement) => requirement.in === 'header')
      .map(({ name, value }) => ({ name, value: value || 'any' })),
  }
}

/** A page cannot set headers; where the route asks for them, that is said. */
function browser({ url, protocols, headers }: Call): string {
  const names = headers.map(({ name }) => name).join(', ')
  const note = names === '' ? '' : `// A page cannot send ${names}, which this route asks for.\n`
  return `${note}const socket = new WebSocket(${js(url)}${protocols.length > 0 ? `, ${js(protocols)}` : ''})
socket.onopen = () => socket.send('hello')
socket.onmessage = ({ data }) => console.log(data)
socket.onclose = ({ code, reason }) => console.log('closed', code, reason)
`
}

function node({ url, protocols, headers }: Call): string {
  const options = headers.length > 0 ? `, { headers: ${js(record(headers))} }` : ''
  const offered = protocols.length > 0 || options !== '' ? `, ${js(protocols)}` : ''
  return `import { WebSocket } from 'ws'

const socket = new WebSocket(${js(url)}${offered}${options})
socket.on('open', () => socket.send('hello'))
socket.on('message', (data) => console.log(data.toString()))
socket.on('error', console.error)
socket.on('close', (code, reason) => console.log('closed', code, reason.toString()))
`
}

function python({ url, protocols, headers }: Call): string {
  const options = [
    ...(protocols.length > 0 ? [`subprotocols=${js(protocols)}`] : []),
    // Named extra_headers before version 14.
    ...(headers.length > 0 ? [`additional_headers=${js(record(headers))}`] : []),
  ]
  return `import asyncio
import websockets

async def main():
    async with websockets.connect(${[js(url), ...options].join(', ')}) as socket:
        await socket.send("hello")
        async for message in socket:
            print(message)

asyncio.run(main())
`
}

function wscat({ url, protocols, headers }: Call): string {
  return line('wscat', [
    `--connect ${shell(url)}`,
    ...protocols.map((protocol) => `--subprotocol ${shell(protocol)}`),
    ...headers.map(({ name, value }) => `--header ${shell(`${name}: ${value}`)}`),
  ])
}

function websocat({ url, protocols, headers }: Call): string {
  return line('websocat', [
    ...(protocols.length > 0 ? [`--protocol ${shell(protocols.join(','))}`] : []),
    ...headers.map(({ name, value }) => `--header ${shell(`${name}: ${value}`)}`),
    shell(url),
  ])
}

/** Before curl 8.11 only the handshake shows; what follows are bytes of frames. */
function curl({ url, protocols, headers }: Call): string {
  const all = [
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Sec-WebSocket-Version', value: '13' },
    { name: 'Sec-WebSocket-Key', value: 'dGhlIHNhbXBsZSBub25jZQ==' },
    ...(protocols.length > 0
      ? [{ name: 'Sec-WebSocket-Protocol', value: protocols.join(', ') }]
      : []),
    ...headers,
  ]
  return line('curl', [
    '--include',
    '--no-buffer',
    '--http1.1',
    ...all.map(({ name, value }) => `--header ${shell(`${name}: ${value}`)}`),
    shell(url.replace(/^ws/, 'http')),
  ])
}

const record = (headers: Call['headers']) =>
  Object.fromEntries(headers.map(({ name, value }) => [name, value]))

/** A literal of JavaScript, and of Python as well. */
function js(value: unknown): string {
  return JSON.stringify(value)
}

function shell(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

const line = (command: string, parts: readonly string[]) => `${[command, ...parts].join(' ')}\n`
