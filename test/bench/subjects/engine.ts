import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everything } from '@shared/model/frame-filter'
import type { FrameLog } from '../../../src/main/engine/frame-log/frame-log'
import { defaultLogBudget, SegmentLog } from '../../../src/main/engine/frame-log/segment-log'
import { FrameViews } from '../../../src/main/engine/frame-view/frame-views'

/** A log on disk with one live view, as the app has them for one tab in sight. */
export interface BenchEngine {
  readonly log: FrameLog
  readonly views: FrameViews
  readonly viewId: string
  /** `frames.grew` events sent to the renderer so far. */
  readonly events: () => number
  dispose(): Promise<void>
}

export const benchClient = 'bench'

/** @param query what the live view is filtered by; empty for everything. */
export async function startEngine(query = '', budget = defaultLogBudget): Promise<BenchEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'framescope-bench-'))
  const log = new SegmentLog({ id: 'bench', folder, budget })
  let events = 0
  const views = new FrameViews({
    findLog: () => log,
    emit: (_, payload) => {
      // What crosses to the renderer is copied on the way.
      structuredClone(payload)
      events += 1
    },
  })
  const { viewId } = await views.open(log.id, { ...everything(), query }, benchClient)
  return {
    log,
    views,
    viewId,
    events: () => events,
    async dispose() {
      await views.dispose()
      await log.dispose()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
