import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '@shared/errors'
import { createLineLogger, createLogger } from './logger'
import { RotatingFile } from './rotating-file'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'framescope-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function lines(): Promise<Record<string, unknown>[]> {
  const text = await readFile(join(folder, 'logs', 'framescope.log'), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}

describe('createLogger', () => {
  it('writes one JSON object a line, redacted', async () => {
    const log = createLogger(folder)
    log.info('connecting', { url: 'ws://me:pw@a/?t=1' })
    log.warn('slow')
    expect(await lines()).toEqual([
      {
        time: expect.any(String) as string,
        level: 'info',
        message: 'connecting',
        details: { url: 'ws://[redacted]@a/?t=[redacted]' },
      },
      { time: expect.any(String) as string, level: 'warn', message: 'slow', details: {} },
    ])
  })

  it('writes stack, cause and details of an error under the id it returns', async () => {
    const cause = new Error('disk')
    const id = createLogger(folder).error(
      'defect',
      new AppError('INTERNAL', 'broke', { cause, details: { token: 'x1y2' } }),
    )
    const [line] = await lines()
    expect(line).toMatchObject({
      correlationId: id,
      error: {
        message: 'broke',
        stack: expect.stringContaining('logger.test') as string,
        cause: { message: 'disk' },
        code: 'INTERNAL',
        details: { token: '[redacted]' },
      },
    })
  })

  it('leaves no file behind when nothing was said', async () => {
    createLogger(folder)
    expect(await readdir(folder)).toEqual([])
  })

  it('is readable by its owner only', async () => {
    createLogger(folder).info('here')
    const { mode } = await stat(join(folder, 'logs', 'framescope.log'))
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
  })
})

describe('createLineLogger', () => {
  it('survives a sink that fails', () => {
    const log = createLineLogger(() => {
      throw new Error('disk full')
    })
    expect(log.error('defect', new Error('broke'))).toMatch(/^[0-9a-f]{8}$/)
  })
})

describe('RotatingFile', () => {
  const open = () => new RotatingFile({ folder, name: 'log', limit: 30, keep: 2 })

  it('begins a new file at the limit and keeps as many older ones as told', async () => {
    const file = open()
    for (let index = 0; index < 10; index += 1) file.append(`line ${index} is here`)
    file.close()
    expect((await readdir(folder)).sort()).toEqual(['log.1.log', 'log.2.log', 'log.log'])
    expect(await readFile(join(folder, 'log.log'), 'utf8')).toBe('line 8 is here\nline 9 is here\n')
    expect(await readFile(join(folder, 'log.2.log'), 'utf8')).toContain('line 4')
  })

  it('goes on in the file that is there, and counts what it holds', async () => {
    await writeFile(join(folder, 'log.log'), 'x'.repeat(29))
    const file = open()
    file.append('next')
    file.close()
    expect(await readFile(join(folder, 'log.1.log'), 'utf8')).toHaveLength(29)
    expect(await readFile(join(folder, 'log.log'), 'utf8')).toBe('next\n')
  })
})
