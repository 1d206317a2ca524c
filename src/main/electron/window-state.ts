import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Rectangle } from 'electron'

/** Where the window stood when it was last seen. */
export interface WindowState {
  readonly bounds: Rectangle
  readonly maximized: boolean
}

const fileName = 'window.json'
const schemaVersion = 1

/** @returns `null` when nothing usable was kept; the window then opens at its own size. */
export function readWindowState(dataFolder: string): WindowState | null {
  try {
    const document: unknown = JSON.parse(readFileSync(join(dataFolder, fileName), 'utf8'))
    return isDocument(document) ? document.data : null
  } catch {
    return null
  }
}

/** A lost window position is no reason to disturb anybody, so a failure stays without consequence. */
export function writeWindowState(dataFolder: string, data: WindowState): void {
  const file = join(dataFolder, fileName)
  try {
    writeFileSync(`${file}.part`, `${JSON.stringify({ schemaVersion, data }, null, 2)}\n`)
    renameSync(`${file}.part`, file)
  } catch {
    return
  }
}

/**
 * Whether enough of the window can be seen and dragged on one of the displays; screens come and go
 * between runs.
 */
export function isReachable(bounds: Rectangle, workAreas: readonly Rectangle[]): boolean {
  return workAreas.some((area) => {
    const width = overlap(bounds.x, bounds.width, area.x, area.width)
    const titleBar = overlap(bounds.y, titleBarHeight, area.y, area.height)
    return width >= leastVisible && titleBar >= titleBarHeight
  })
}

const leastVisible = 120
const titleBarHeight = 32

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}

function isDocument(value: unknown): value is { data: WindowState } {
  if (!isRecord(value) || value['schemaVersion'] !== schemaVersion) return false
  const data = value['data']
  if (!isRecord(data) || typeof data['maximized'] !== 'boolean') return false
  const bounds = data['bounds']
  return (
    isRecord(bounds) &&
    ['x', 'y', 'width', 'height'].every((key) => Number.isSafeInteger(bounds[key])) &&
    Number(bounds['width']) >= leastVisible &&
    Number(bounds['height']) >= leastVisible
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
