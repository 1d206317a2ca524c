import { causeInWords, systemCode } from '../../files/file-failure'

const nextSteps: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space, or delete captures.',
  EDQUOT: 'Free some space, or delete captures.',
  EACCES: 'Allow this user to write there.',
  EPERM: 'Allow this user to write there.',
  EROFS: 'Make it writable, or start with another data folder.',
  ENOENT: 'It is made anew where possible.',
  ENOTDIR: 'Move the file away that lies where a folder has to be.',
  EEXIST: 'Move the file away that lies where a folder has to be.',
}

/** What to say when rows cannot be written, and what to do. */
export function storageProblem(folder: string, error: unknown, memoryBound: number): string {
  const mebibytes = Math.round(memoryBound / (1024 * 1024))
  const kept = mebibytes < 1 ? 'a little' : `${mebibytes} MiB`
  return [
    `Traffic cannot be written to ${folder}: ${causeInWords(error)}.`,
    `The latest ${kept} of it is kept in memory only.`,
    nextSteps[systemCode(error)] ?? 'See to it that the folder can be written.',
    'Writing is tried again every few seconds.',
  ].join(' ')
}

/** What to say when bookmarks cannot be written. */
export function bookmarksProblem(folder: string, error: unknown): string {
  return `Bookmarks cannot be written to ${folder}: ${causeInWords(error)}. They are kept until this log is closed, and written with the next change.`
}

/** What to say when files of a capture cannot be read. */
export function unreadableProblem(folder: string, error: unknown): string {
  return `Some of the files in ${folder} cannot be read: ${causeInWords(error)}. Their rows are missing.`
}

/** What to say when files of a capture do not hold what was written to them. */
export function damagedProblem(folder: string): string {
  return `Some of the files in ${folder} are missing, cut off or damaged. Everything that is whole is shown.`
}
