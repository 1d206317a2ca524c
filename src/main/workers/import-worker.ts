import { ImportBatches } from '../engine/import/import-batches'
import type { ImportReply, ImportRequest, ImportTask } from '../engine/import/import-messages'
import { workerPort } from './worker-port'

const port = workerPort<ImportRequest, ImportReply>()
const batches = new ImportBatches(port.data as ImportTask)

port.onRequest(() => {
  const { reply, buffer } = batches.next()
  port.reply(reply, [buffer])
})
