import { AppError } from '@shared/errors'

const causes: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'a file is in the way',
  EISDIR: 'a folder is in the way',
  EBUSY: 'another program uses it',
  EMFILE: 'too many files are open',
}

/** The system's code of a failed file operation, such as ENOSPC; empty when there is none. */
export function systemCode(error: unknown): string {
  if (error instanceof AppError && error.cause !== undefined) return systemCode(error.cause)
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}

/** Why a file operation failed, in words that finish a sentence. */
export function causeInWords(error: unknown): string {
  const code = systemCode(error)
  return causes[code] ?? (code || String(error))
}

/** STORAGE_UNWRITABLE for a file or folder, with what stands in the way. */
export function unwritable(path: string, error: unknown): AppError {
  return new AppError(
    'STORAGE_UNWRITABLE',
    `${path} cannot be written: ${causeInWords(error)}. Nothing was changed.`,
    { cause: error, details: { path, systemCode: systemCode(error) } },
  )
}
