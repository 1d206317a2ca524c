interface Closable {
  close(): void
}

/** Every window there is, so that `app` need not know what a window is. */
const windows = new Map<number, Closable>()
let allClosed: () => void = () => {}

export function addWindow(id: number, window: Closable): void {
  windows.set(id, window)
}

export function removeWindow(id: number): void {
  if (windows.delete(id) && windows.size === 0) allClosed()
}

export function countWindows(): number {
  return windows.size
}

export function closeAllWindows(): void {
  for (const window of [...windows.values()]) window.close()
}

export function onAllWindowsClosed(listener: () => void): void {
  allClosed = listener
}
