import { shell } from 'electron'
import { AppError } from '@shared/errors'

/**
 * The only door to the system's browser. Other schemes start whatever program registered them.
 * @throws {AppError} `URL_INVALID` for anything but an http or https URL.
 */
export async function safeOpenExternal(url: string): Promise<void> {
  const target = URL.canParse(url) ? new URL(url) : null
  if (target === null || !['http:', 'https:'].includes(target.protocol))
    throw new AppError('URL_INVALID', 'Only http and https links can be opened.')
  await shell.openExternal(target.href)
}
