const maxTitleLength = 80

/**
 * A file name for an export, such as `Local echo 2026-11-23 08.30.05.jsonl` (local time). Whatever
 * a file system or a shell could trip over in `title` becomes a dash.
 */
export function exportName(title: string, extension: string, time = new Date()): string {
  const safe = title
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, '-')
    .replace(/^[ ._-]+/u, '')
    .slice(0, maxTitleLength)
    .replace(/[ ._-]+$/u, '')
  const date = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join('.')
  return `${safe || 'Framescope'} ${date} ${clock}.${extension}`
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
