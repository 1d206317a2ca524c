import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleResponse, textResponse } from './bundle-response'
import { renderIndex } from './index-page'

const html =
  '<!doctype html>\n<html lang="en">\n  <head>\n    <title>Framescope</title>\n  </head></html>'

describe('bundleResponse', () => {
  let root: string

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'framescope-page-'))
    await writeFile(join(root, 'index.html'), html)
    await writeFile(join(root, 'app.js'), 'export {}')
  })

  afterAll(() => rm(root, { recursive: true }))

  it('puts the nonce of the policy into the page, and a new one each time', async () => {
    const nonces = []
    for (let index = 0; index < 2; index++) {
      const { headers, body } = await bundleResponse(root, '/', { theme: 'system' })
      const nonce = /'nonce-([^']+)'/.exec(headers['Content-Security-Policy'] ?? '')?.[1]
      expect(Buffer.from(body).toString()).toContain(`<meta name="csp-nonce" nonce="${nonce}">`)
      nonces.push(nonce)
    }
    expect(nonces[0]).not.toBe(nonces[1])
  })

  it('sends other files unchanged', async () => {
    const { status, headers, body } = await bundleResponse(root, '/app.js', { theme: 'dark' })
    expect(status).toBe(200)
    expect(headers['Content-Type']).toBe('text/javascript; charset=utf-8')
    expect(Buffer.from(body).toString()).toBe('export {}')
  })

  it('sends the same headers with a refusal', async () => {
    const found = await bundleResponse(root, '/', { theme: 'dark' })
    const absent = await bundleResponse(root, '/absent', { theme: 'dark' })
    expect(absent.status).toBe(404)
    expect(Object.keys(absent.headers)).toEqual(Object.keys(found.headers))
    expect(Object.keys(textResponse(421, 'no').headers)).toEqual(Object.keys(found.headers))
  })
})

describe('renderIndex', () => {
  it.each(['dark', 'light'] as const)('marks the page %s', (theme) => {
    expect(renderIndex(html, { nonce: 'n', theme })).toContain(
      `<html data-theme="${theme}" lang="en">`,
    )
  })

  it('leaves the theme to the system', () => {
    expect(renderIndex(html, { nonce: 'n', theme: 'system' })).not.toContain('data-theme')
  })

  it('refuses a page it cannot complete', () => {
    expect(() => renderIndex('<p>', { nonce: 'n', theme: 'dark' })).toThrow(/index\.html/)
    expect(() => renderIndex('<header>', { nonce: 'n', theme: 'system' })).toThrow(/index\.html/)
  })
})
