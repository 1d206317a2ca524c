import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { redact } from './redact'
import { RotatingFile } from './rotating-file'

/** Writes what happened inside the app, never what crossed a user's socket. */
export interface Logger {
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  /** `error`'s stack and cause go to the file. @returns the correlation id it was logged under. */
  error(message: string, error: unknown, details?: Record<string, unknown>): string
}

/** Takes one finished line, without its end. */
export type LogSink = (line: string) => void

/** Logs JSON lines to `logs/framescope.log` in the data folder; at 1 MiB it is set aside, three are kept. */
export function createLogger(dataFolder: string): Logger {
  const file = new RotatingFile({
    folder: join(dataFolder, 'logs'),
    name: 'framescope',
    limit: 1024 * 1024,
    keep: 3,
  })
  return createLineLogger((line) => file.append(line))
}

/** Logs JSON lines to any sink. Everything is redacted here, at the last step, so no caller can forget to. */
export function createLineLogger(sink: LogSink): Logger {
  const write = (level: string, message: string, rest: Record<string, unknown>) => {
    try {
      const { time, ...details } = { time: new Date().toISOString(), ...rest }
      sink(JSON.stringify({ time, level, ...(redact({ message, ...details }) as object) }))
    } catch {
      // A full disk must not stop the app from doing its work; there is nowhere else to say so.
    }
  }
  return {
    info: (message, details = {}) => write('info', message, { details }),
    warn: (message, details = {}) => write('warn', message, { details }),
    error(message, error, details = {}) {
      const correlationId = randomUUID().slice(0, 8)
      write('error', message, { correlationId, error, details })
      return correlationId
    },
  }
}
