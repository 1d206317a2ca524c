import type { DecodeReply, DecodeRequest } from '../engine/decode/decode-messages'
import { decodeRequests } from '../engine/decode/decode-requests'
import { workerPort } from './worker-port'

const port = workerPort<DecodeRequest, DecodeReply>()
const answer = decodeRequests()

port.onRequest((request) => {
  const reply = answer(request)
  if (reply) port.reply(reply, reply.kind === 'decoded' ? [reply.bytes.buffer] : [])
})
