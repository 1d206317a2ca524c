import { caseVariants } from '@shared/filter/case-variants'
import { RowScanner } from '../engine/frame-view/row-scanner'
import { ScanControl } from '../engine/frame-view/scan-control'
import type { ScanReply, ScanRequest } from '../engine/frame-view/scan-messages'
import { workerPort } from './worker-port'

const port = workerPort<ScanRequest, ScanReply>()
const scanner = new RowScanner(new ScanControl(port.data as SharedArrayBuffer))

port.onRequest((request) => {
  const reply = scanner.handle(request)
  if (reply) port.reply(reply, [reply.matches.buffer])
})

// The thread is started ahead of the first filter, which then need not wait for it.
caseVariants()
