import type { Fault, FaultOf, HeaderLine } from '@shared/model/server-fault'
import { Occasions } from './occasions'
import { bytesOf, type Random } from './random'
import { struckText } from './stage'

/** What is known when a client asks for an upgrade. */
export interface HandshakeState {
  /** As of the {@link FaultLine} of the client. */
  readonly seed: number
  readonly client: number
  /** Connections accepted so far, on what the faults belong to. */
  readonly accepted: number
  /** Of them those that are still there. */
  readonly connected: number
  /** How often each fault, by its id, has struck upgrade requests so far; its `count` is for all of them. */
  readonly strikes: ReadonlyMap<string, number>
}

export interface HandshakeAnswer {
  readonly status: number
  readonly headers: readonly HeaderLine[]
  readonly body: string
}

/** What becomes of one upgrade request. */
export interface HandshakePlan {
  /** Milliseconds before anything is answered. */
  readonly delay: number
  /** What is answered instead of 101; `null` for 101. */
  readonly answer: HandshakeAnswer | null
  /** Bytes that are the whole answer instead of any; `null` for none. */
  readonly garbage: Uint8Array | null
  /** Changes the lines of a 101, as `ws` tells them in its event `headers`. */
  readonly alterHead: (lines: string[]) => void
  /** What struck, in order, with the text of its note. */
  readonly struck: readonly { readonly fault: Fault; readonly text: string }[]
}

type AnswerFault = FaultOf<'status' | 'refuse-after' | 'limit' | 'garbage'>
type HeadFault = FaultOf<'accept' | 'subprotocol' | 'extension' | 'http-1.0'>

const answerKinds: ReadonlySet<string> = new Set<AnswerFault['kind']>([
  'status',
  'refuse-after',
  'limit',
  'garbage',
])
const headKinds: ReadonlySet<string> = new Set<HeadFault['kind']>([
  'accept',
  'subprotocol',
  'extension',
  'http-1.0',
])

/**
 * Decides how faults answer an upgrade request. Delays add up; of those that answer something else the
 * first does, and then none changes the head of a 101.
 */
export function planHandshake(faults: readonly Fault[], state: HandshakeState): HandshakePlan {
  const struck: HandshakePlan['struck'][number][] = []
  const alterations: ((lines: string[]) => void)[] = []
  let delay = 0
  const due = faults.filter((fault) => fault.enabled && isLeft(fault, state))
  const [answering, random] = firstAnswer(due, state)
  for (const fault of due) {
    if (fault === answering) {
      struck.push({ fault, text: struckText(fault, answerWords(answering)) })
      continue
    }
    if (fault.kind !== 'slow-handshake' && (answering || !isHeadFault(fault))) continue
    const occasions = new Occasions(state.seed, state.client, fault.id)
    if (!occasions.isDue(fault)) continue
    if (fault.kind === 'slow-handshake') {
      delay += fault.delay
      struck.push({ fault, text: struckText(fault, `answer comes ${fault.delay} ms later`) })
    } else if (isHeadFault(fault)) {
      alterations.push((lines) => alter(fault, lines, occasions.random))
      struck.push({ fault, text: struckText(fault, headWords(fault)) })
    }
  }
  return {
    delay,
    answer: answering ? answerOf(answering) : null,
    garbage: answering?.kind === 'garbage' ? bytesOf(random, answering.bytes) : null,
    alterHead: (lines) => {
      for (const each of alterations) each(lines)
    },
    struck,
  }
}

function isLeft({ id, count }: Fault, { strikes }: HandshakeState): boolean {
  return count === null || (strikes.get(id) ?? 0) < count
}

function isAnswerFault(fault: Fault): fault is AnswerFault {
  return answerKinds.has(fault.kind)
}

function isHeadFault(fault: Fault): fault is HeadFault {
  return headKinds.has(fault.kind)
}

/** The first that answers, with the random numbers that are left of its own. */
function firstAnswer(due: readonly Fault[], state: HandshakeState): [AnswerFault | null, Random] {
  for (const fault of due) {
    if (!isAnswerFault(fault)) continue
    if (fault.kind === 'refuse-after' && state.accepted < fault.connections) continue
    if (fault.kind === 'limit' && state.connected < fault.connections) continue
    const occasions = new Occasions(state.seed, state.client, fault.id)
    if (occasions.isDue(fault)) return [fault, occasions.random]
  }
  return [null, () => 0]
}

function answerOf(fault: AnswerFault): HandshakeAnswer | null {
  if (fault.kind === 'garbage') return null
  if (fault.kind === 'status') {
    const { status, headers, body } = fault
    return { status, headers, body }
  }
  const body = 'The server takes no more connections.\n'
  return {
    status: 503,
    headers: [{ name: 'Content-Type', value: 'text/plain; charset=utf-8' }],
    body,
  }
}

function answerWords(fault: AnswerFault): string {
  if (fault.kind === 'garbage') return `answered with ${fault.bytes} random bytes`
  return `answered with ${fault.kind === 'status' ? fault.status : 503}`
}

function headWords(fault: HeadFault): string {
  switch (fault.kind) {
    case 'accept':
      return fault.accept === 'wrong' ? 'key wrong' : 'key missing'
    case 'subprotocol':
      return `${fault.protocol} chosen`
    case 'extension':
      return `${fault.extension} accepted`
    case 'http-1.0':
      return 'answered with HTTP/1.0'
  }
}

function alter(fault: HeadFault, lines: string[], random: Random): void {
  switch (fault.kind) {
    case 'accept':
      removeHeader(lines, 'Sec-WebSocket-Accept')
      if (fault.accept === 'wrong')
        lines.push(`Sec-WebSocket-Accept: ${bytesOf(random, 20).toString('base64')}`)
      return
    case 'subprotocol':
      removeHeader(lines, 'Sec-WebSocket-Protocol')
      lines.push(`Sec-WebSocket-Protocol: ${fault.protocol}`)
      return
    case 'extension': {
      const others = removeHeader(lines, 'Sec-WebSocket-Extensions')
      lines.push(`Sec-WebSocket-Extensions: ${[...others, fault.extension].join(', ')}`)
      return
    }
    case 'http-1.0':
      lines[0] = lines[0]?.replace('HTTP/1.1', 'HTTP/1.0') ?? ''
  }
}

/** @returns the values it had. */
function removeHeader(lines: string[], name: string): string[] {
  const start = `${name.toLowerCase()}:`
  const values: string[] = []
  for (let index = lines.length - 1; index > 0; index -= 1) {
    const line = lines[index] ?? ''
    if (!line.toLowerCase().startsWith(start)) continue
    values.unshift(line.slice(start.length).trim())
    lines.splice(index, 1)
  }
  return values
}
