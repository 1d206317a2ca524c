import { connect, createServer, type Server, type Socket } from 'node:net'
import * as v from 'valibot'

const Claimant = v.object({
  pid: v.number(),
  /** Which host it runs as. */
  host: v.string(),
  /** Where its interface can be opened, when that is a URL. */
  url: v.nullable(v.string()),
})

const ClaimAnswer = v.object({
  claimant: Claimant,
  /** Whether it has the folder, or is still finding out whether it may have it. */
  holding: v.boolean(),
})

/** What the process behind a claim says of itself. */
export type Claimant = v.InferOutput<typeof Claimant>
export type ClaimAnswer = v.InferOutput<typeof ClaimAnswer>

/** What became of asking: an answer, nobody there, or somebody who does not answer. */
export type Asked = ClaimAnswer | 'nobody' | 'silent'

const showRequest = 'show\n'

/** Milliseconds a process may take to answer before it counts as silent: stopped, or very busy. */
const answerTimeout = 2_000

/** Answers whoever asks at one path. The system ends it with the process, however that ends. */
export class ClaimListener {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(answer: () => ClaimAnswer, onShow: () => void) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket)
      socket.unref()
      socket.on('close', () => this.#sockets.delete(socket))
      socket.on('error', () => socket.destroy())
      socket.setTimeout(answerTimeout, () => socket.destroy())
      socket.setEncoding('utf8')
      socket.once('data', (text) => {
        if (String(text) === showRequest) onShow()
      })
      socket.write(`${JSON.stringify(answer())}\n`)
    })
  }

  static async open(
    path: string,
    answer: () => ClaimAnswer,
    onShow: () => void,
  ): Promise<ClaimListener> {
    const listener = new ClaimListener(answer, onShow)
    await new Promise<void>((resolve, reject) => {
      listener.#server.once('error', reject)
      listener.#server.listen(path, resolve)
    })
    // Answering others is no reason to keep the process running.
    listener.#server.unref()
    return listener
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }
}

/** Asks whoever listens at a path who it is, and with `show` to bring itself to the front. */
export async function ask(path: string, request: 'who' | 'show' = 'who'): Promise<Asked> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const asked = await askOnce(path, request)
    // It may have ended while it was asked; the next attempt tells.
    if (asked !== 'hung up') return asked
  }
  return 'silent'
}

function askOnce(path: string, request: 'who' | 'show'): Promise<Asked | 'hung up'> {
  return new Promise((resolve) => {
    const socket = connect(path)
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(answerTimeout, () => {
      resolve('silent')
      socket.destroy()
    })
    socket.on('connect', () => {
      if (request === 'show') socket.write(showRequest)
    })
    socket.on('data', (chunk) => {
      text += String(chunk)
      if (!text.endsWith('\n')) return
      resolve(parseAnswer(text))
      socket.end()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(meaningOf(error.code ?? '')))
    socket.on('close', () => resolve('hung up'))
  })
}

function meaningOf(code: string): Asked | 'hung up' {
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'nobody'
  return code === 'ECONNRESET' || code === 'EPIPE' ? 'hung up' : 'silent'
}

function parseAnswer(text: string): Asked {
  try {
    return v.parse(ClaimAnswer, JSON.parse(text))
  } catch {
    // Another program listens there: certainly not a free place.
    return 'silent'
  }
}
