import { ScanControl } from '../engine/frame-view/scan-control'
import type {
  MatchReply,
  MatchRequest,
  MatchTask,
} from '../engine/local-server/behaviours/match-messages'
import { RuleMatcher } from '../engine/local-server/behaviours/rule-matcher'
import { workerPort } from './worker-port'

const port = workerPort<MatchRequest, MatchReply>()
const { control, matches } = port.data as MatchTask
const matcher = new RuleMatcher(new ScanControl(control), matches)

port.onRequest((request) => {
  const reply = matcher.handle(request)
  port.reply(reply, [reply.buffer])
})
