import type { IpcMainInvokeEvent, WebContents } from 'electron'
import { isOwnAddress } from './page-address'

/** What of a message tells who sent it. */
export type Sender = Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>

/**
 * Whether a message comes from the page itself: a window of ours, its main frame, and still at our
 * own address. A frame that has navigated or is gone has no `senderFrame`.
 */
export function isTrustedSender(
  { sender, senderFrame }: Sender,
  windows: ReadonlySet<WebContents>,
  own: string,
): boolean {
  return (
    windows.has(sender) &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isOwnAddress(senderFrame.url, own)
  )
}
