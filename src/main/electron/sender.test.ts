import type { WebContents, WebFrameMain } from 'electron'
import { describe, expect, it } from 'vitest'
import { pageUrl } from './page-address'
import { isTrustedSender } from './sender'

const ours = {} as WebContents
const windows = new Set([ours])

function frame(url: string, parent: WebFrameMain | null = null): WebFrameMain {
  return { url, parent } as WebFrameMain
}

describe('isTrustedSender', () => {
  it('trusts the main frame of our window at our address', () => {
    const sender = { sender: ours, senderFrame: frame(pageUrl) }

    expect(isTrustedSender(sender, windows, pageUrl)).toBe(true)
  })

  it.each([
    ['another window', { sender: {} as WebContents, senderFrame: frame(pageUrl) }],
    ['a frame inside the page', { sender: ours, senderFrame: frame(pageUrl, frame(pageUrl)) }],
    ['another address', { sender: ours, senderFrame: frame('https://evil.example/') }],
    ['another host of the scheme', { sender: ours, senderFrame: frame('app://evil/') }],
    ['a frame that is gone', { sender: ours, senderFrame: null }],
  ])('does not trust %s', (_name, sender) => {
    expect(isTrustedSender(sender, windows, pageUrl)).toBe(false)
  })
})
