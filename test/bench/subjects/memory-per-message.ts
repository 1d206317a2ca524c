import { setTimeout } from 'node:timers/promises'
import { startEngine } from './engine'
import { FloodClock } from './flood-clock'
import { received } from './flood'

export interface MemoryInput {
  readonly urls: readonly string[]
  readonly messages: number
}

/** Far more than the rows take, so that nothing is evicted. */
const budget = 64 * 1024 * 1024 * 1024

/**
 * Bytes of main memory after each of several floods into one log, garbage collected.
 * Needs `--expose-gc`.
 */
export async function memoryPerMessage({ urls, messages }: MemoryInput): Promise<number[]> {
  const engine = await startEngine('', budget)
  const used: number[] = []
  for (const url of urls) {
    await received(url, engine.log, new FloodClock(messages))
    used.push(await memoryInUse())
  }
  if (engine.log.firstId > 0) throw new Error(`${engine.log.firstId} rows were evicted`)
  await engine.dispose()
  return used
}

/** Heap and what lies outside of it (array buffers are part of that), once nothing more goes. */
export async function memoryInUse(): Promise<number> {
  if (!globalThis.gc) throw new Error('Garbage cannot be collected: --expose-gc is missing')
  // What waits for the disk is written meanwhile.
  await setTimeout(1000)
  for (let count = 0; count < 3; count += 1) {
    globalThis.gc()
    await setTimeout(50)
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
