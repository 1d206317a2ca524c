import { readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as v from 'valibot'
import { Bookmark } from '@shared/model/capture'
import { previousOf, writeDurably } from '../../files/durable-file'
import { causeInWords, systemCode } from '../../files/file-failure'

/** The file of a capture's bookmarks, in its folder. */
export const bookmarksFile = 'bookmarks.json'

const schemaVersion = 1

const Envelope = v.object({ schemaVersion: v.number(), data: v.unknown() })

/** What was kept of a log's bookmarks. */
export interface KeptBookmarks {
  readonly bookmarks: readonly Bookmark[]
  /** What is wrong with the file and what was done about it; `null` when nothing is. */
  readonly problem: string | null
  /** Whether the file must stay as it is. */
  readonly untouchable: boolean
}

type Read =
  | { readonly outcome: 'whole'; readonly bookmarks: readonly Bookmark[] }
  | { readonly outcome: 'missing' }
  | { readonly outcome: 'corrupt' }
  | { readonly outcome: 'refused'; readonly reason: string }

/**
 * Reads the bookmarks of a capture's folder. A damaged file is set aside and the version before it
 * used; one of a newer Framescope, or that cannot be read, is left alone. Never throws.
 */
export async function readBookmarks(folder: string): Promise<KeptBookmarks> {
  const path = join(folder, bookmarksFile)
  const read = await readOne(path)
  if (read.outcome === 'whole') return kept(read.bookmarks)
  if (read.outcome === 'refused') return refused(read.reason)
  const previous = await readOne(previousOf(path))
  if (read.outcome === 'missing' && previous.outcome === 'missing') return kept([])
  if (previous.outcome === 'refused') return refused(previous.reason)
  try {
    const found =
      read.outcome === 'missing' ? `${bookmarksFile} was not there.` : await setAside(path)
    if (previous.outcome !== 'whole') {
      const also = previous.outcome === 'corrupt' ? [await setAside(previousOf(path))] : []
      return kept([], [found, ...also, 'There are no bookmarks.'].join(' '))
    }
    const { bookmarks } = previous
    await writeBookmarks(folder, new Map(bookmarks.map(({ rowId, note }) => [rowId, note])))
    return kept(bookmarks, `${found} The bookmarks of the version before it are shown.`)
  } catch (error) {
    return refused(`${path} is damaged and cannot be set aside: ${causeInWords(error)}.`)
  }
}

async function readOne(path: string): Promise<Read> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { outcome: 'missing' }
    return { outcome: 'refused', reason: `${path} cannot be read: ${causeInWords(error)}.` }
  }
  try {
    const { schemaVersion: version, data } = v.parse(Envelope, JSON.parse(text))
    if (version > schemaVersion)
      return { outcome: 'refused', reason: `${path} was written by a newer Framescope.` }
    return { outcome: 'whole', bookmarks: v.parse(v.array(Bookmark), data) }
  } catch {
    return { outcome: 'corrupt' }
  }
}

function kept(bookmarks: readonly Bookmark[], problem: string | null = null): KeptBookmarks {
  return { bookmarks, problem, untouchable: false }
}

function refused(reason: string): KeptBookmarks {
  const problem = `${reason} It is left as it is, and bookmarks are not kept.`
  return { bookmarks: [], problem, untouchable: true }
}

async function setAside(path: string): Promise<string> {
  const aside = `${path}.corrupt-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
  await rename(path, aside)
  return `${basename(path)} could not be read and is kept as ${aside}.`
}

/** @throws {AppError} STORAGE_UNWRITABLE. */
export function writeBookmarks(
  folder: string,
  bookmarks: ReadonlyMap<number, string>,
): Promise<void> {
  const data = [...bookmarks].map(([rowId, note]) => ({ rowId, note }))
  const text = JSON.stringify({ schemaVersion, data })
  return writeDurably(join(folder, bookmarksFile), `${text}\n`)
}
