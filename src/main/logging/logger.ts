/** Writes what happened inside the app, never what crossed a user's socket. */
export interface Logger {
  info(message: string, details?: Record<string, unknown>): void
  warn(message: string, details?: Record<string, unknown>): void
  /** `error`'s stack and cause go to the file. @returns the correlation id it was logged under. */
  error(message: string, error: unknown, details?: Record<string, unknown>): string
}
