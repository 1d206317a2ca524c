import { createServer } from 'node:http'
import type { Browser } from '@playwright/test'
import { listen } from '../../servers/test-server'

/** A site with one page that is no part of the app. */
export const outsideSite = () =>
  listen(
    createServer((_request, response) => {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><title>Outside</title>')
    }),
    'http',
  )

/** A page of another site whose WebSocket notes what it hears. */
export interface OutsidePage {
  /** What it heard so far: `open`, messages, `closed` with code and whether it was clean. */
  heard(): Promise<string[]>
  send(text: string): Promise<void>
  close(): Promise<void>
}

interface Listening {
  readonly heard: string[]
  readonly socket: WebSocket
}

export async function connectPage(browser: Browser, url: string): Promise<OutsidePage> {
  const site = await outsideSite()
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(site.url)
  const listening = await page.evaluateHandle((to): Listening => {
    const heard: string[] = []
    const socket = new WebSocket(to)
    socket.onopen = () => heard.push('open')
    socket.onmessage = ({ data }) => heard.push(String(data))
    socket.onclose = ({ code, wasClean }) =>
      heard.push(`closed ${code}${wasClean ? '' : ', not clean'}`)
    return { heard, socket }
  }, url)
  return {
    heard: () => listening.evaluate(({ heard }) => heard),
    send: (text) => listening.evaluate(({ socket }, message) => socket.send(message), text),
    async close() {
      await context.close()
      await site.close()
    },
  }
}
