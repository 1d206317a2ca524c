import { EventEmitter } from 'node:events'
import type { IpcMain, IpcMainInvokeEvent } from 'electron'
import { double } from '../double'

type InvokeHandler = Parameters<IpcMain['handle']>[1]

const handlers = new Map<string, InvokeHandler>()

class IpcMainDouble extends EventEmitter implements Pick<IpcMain, 'handle' | 'removeHandler'> {
  handle(channel: string, listener: InvokeHandler): void {
    if (handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`)
    handlers.set(channel, listener)
  }

  removeHandler(channel: string): void {
    handlers.delete(channel)
  }
}

const members = new IpcMainDouble()
export const ipcMain = double('ipcMain', members)

/** A message has arrived from a renderer. */
export async function invoke(
  event: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame' | 'frameId' | 'processId' | 'type'>,
  channel: string,
  args: unknown[],
): Promise<unknown> {
  const handler = handlers.get(channel)
  if (handler === undefined) throw new Error(`Error: No handler registered for '${channel}'`)
  try {
    // structuredClone refuses what Electron could not send back.
    return structuredClone(await (handler(event as IpcMainInvokeEvent, ...args) as unknown))
  } catch (error) {
    throw new Error(`Error invoking remote method '${channel}': ${String(error)}`, { cause: error })
  }
}
