import { randomUUID } from 'node:crypto'
import { AppError } from '@shared/errors'
import type { Capture } from '@shared/model/capture'
import { causeInWords, unwritable } from '../../files/file-failure'
import { makeFolder } from '../../files/make-folder'
import type { FrameLog } from '../frame-log/frame-log'
import { writeBookmarks } from '../frame-log/bookmark-file'
import { findSegments } from '../frame-log/segment-loader'
import { SegmentLog } from '../frame-log/segment-log'
import { writeCaptureDocument, type CaptureDocument } from './capture-document'
import { newerProblem, snapshotFiles } from './capture-folder'
import { CaptureList, unreadable } from './capture-list'
import type { LeftLimits } from './left-captures'

export interface CapturesOptions {
  /** Where every capture has its folder. */
  readonly folder: string
  /** Bytes that each live log may hold. */
  readonly budget: number
  /** Told whenever the list changed. */
  readonly onChanged: (captures: Capture[]) => void
  /** When captures that were only left are deleted; {@link leftLimits} when left out. */
  readonly limits?: LeftLimits
}

interface LiveLog {
  readonly log: SegmentLog
  readonly origin: () => string
}

/** Traffic on disk: logs that are written to, and captures that were saved, imported or left. */
export class Captures {
  readonly #list: CaptureList
  readonly #live = new Map<string, LiveLog>()
  readonly #opened = new Map<string, Promise<SegmentLog>>()
  #budget: number

  private constructor({ folder, budget, onChanged, limits }: CapturesOptions) {
    this.#list = new CaptureList(folder, limits, onChanged)
    this.#budget = budget
  }

  /**
   * Finds what earlier runs kept. A folder that cannot be read is listed with its problem; without
   * the folder of all captures the list is empty.
   */
  static async start(options: CapturesOptions): Promise<Captures> {
    const captures = new Captures(options)
    await captures.#list.find()
    return captures
  }

  /** Bytes that each live log may hold. */
  set budget(budget: number) {
    this.#budget = budget
    for (const { log } of this.#live.values()) log.budget = budget
  }

  /** The newest first. */
  list(): Capture[] {
    return this.#list.all()
  }

  /** Of these what was recovered by this start, not by one before it. */
  recovered(): Capture[] {
    return this.#list.recovered()
  }

  /**
   * A log that is written to. When it is disposed, it becomes a capture that was left, or nothing if
   * it has no row.
   * @param origin the title of what it belongs to, asked when it is needed.
   */
  create(origin: () => string): FrameLog {
    const id = randomUUID()
    const log = new SegmentLog({
      id,
      folder: this.#list.path(id),
      budget: this.#budget,
      prepare: () => this.#prepare(id, origin()),
      onClosed: async (facts) => {
        this.#live.delete(id)
        await this.#list.settled()
        if (facts.rows === 0) return this.#list.remove(id)
        const document = { ...documentOf('left', origin(), origin()), ...facts }
        // What cannot be written now is found by the next start.
        await this.#list.add(id, document).catch(() => undefined)
        this.#list.prune([...this.#opened.keys()])
      },
    })
    this.#live.set(id, { log, origin })
    return log
  }

  /** Rows are written as soon as there is a folder; that it is a capture's may be said later. */
  async #prepare(id: string, origin: string): Promise<void> {
    const folder = this.#list.path(id)
    const made = await makeFolder(folder)
    if (made !== undefined)
      this.#list.later(writeCaptureDocument(folder, documentOf('live', origin, origin)))
  }

  /**
   * Keeps what a live log, or an opened capture, holds now; the log goes on.
   * @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE.
   */
  async save(logId: string, name: string): Promise<Capture> {
    const live = this.#live.get(logId)
    const log = live?.log ?? (await this.#opened.get(logId))
    if (!log) throw new AppError('NOT_FOUND', 'That log does not exist any more.')
    const { files, facts } = await log.snapshot()
    const { storage, problem } = log.state
    if (storage === 'memory')
      throw new AppError('STORAGE_UNWRITABLE', problem ?? 'The traffic is not on disk.')
    const origin = live ? live.origin() : (this.#list.get(logId)?.capture.origin ?? name)
    const id = randomUUID()
    const folder = this.#list.path(id)
    try {
      const whole = await snapshotFiles(files, folder)
      if (log.bookmarks.size > 0) await writeBookmarks(folder, log.bookmarks)
      const document = documentOf('saved', name, origin)
      return await this.#list.add(id, whole ? { ...document, ...facts } : document)
    } catch (error) {
      this.#list.remove(id)
      throw error instanceof AppError ? error : unwritable(folder, error)
    }
  }

  /**
   * Writes a capture from somewhere else, which is listed when it is whole.
   * @param fill appends the rows; between them it waits for `roomIn`.
   * @throws {AppError} STORAGE_UNWRITABLE, IMPORT_FAILED without any row, or what `fill` throws;
   * nothing is kept then.
   */
  async adopt(
    name: string,
    origin: string,
    fill: (log: FrameLog) => Promise<void>,
  ): Promise<Capture> {
    const id = randomUUID()
    const folder = this.#list.path(id)
    const prepare = () => this.#prepare(id, origin)
    const log = new SegmentLog({ id, folder, budget: Number.MAX_SAFE_INTEGER, prepare })
    try {
      await fill(log)
      await log.flush()
      const { storage, problem, lost } = log.state
      if (storage === 'memory' || lost > 0)
        throw new AppError('STORAGE_UNWRITABLE', problem ?? `${folder} cannot be written.`)
      const facts = log.facts()
      if (facts.rows === 0) throw new AppError('IMPORT_FAILED', 'There is no message in it.')
      await log.dispose()
      await this.#list.settled()
      return await this.#list.add(id, { ...documentOf('saved', name, origin), ...facts })
    } catch (error) {
      await log.dispose()
      await this.#list.settled()
      this.#list.remove(id)
      throw error
    }
  }

  /**
   * Opens a capture for reading; its rows appear as they are read. Opened again, it is the same log,
   * whose id is that of the capture.
   * @throws {AppError} NOT_FOUND, CAPTURE_UNREADABLE.
   */
  async open(captureId: string): Promise<FrameLog> {
    const { name, problem } = this.#list.require(captureId).capture
    const opened = this.#opened.get(captureId)
    if (opened) return opened
    if (problem !== null) throw unreadable(name, problem)
    const opening = this.#open(captureId, name)
    this.#opened.set(captureId, opening)
    opening.catch(() => this.#opened.delete(captureId))
    return opening
  }

  async #open(id: string, name: string): Promise<SegmentLog> {
    const folder = this.#list.path(id)
    const { files, newer } = await findSegments(folder).catch((error: unknown) => {
      throw unreadable(name, `${folder} cannot be read: ${causeInWords(error)}.`)
    })
    if (newer !== null) throw unreadable(name, newerProblem(newer))
    if (files.length === 0) throw unreadable(name, `Its files in ${folder} are gone.`)
    const log = SegmentLog.open(id, folder)
    // Whoever looks at it asks for them at once, and is told of no later change.
    await log.loadBookmarks()
    const expected = this.#list.get(id)?.document?.rows ?? null
    this.#list.later(log.load(files, expected).then(() => this.#learn(id, log)))
    return log
  }

  /** What is known of a capture once all of it was read. */
  async #learn(id: string, log: SegmentLog): Promise<void> {
    const document = this.#list.get(id)?.document
    if (log.state.storage !== 'closed' || !document) return
    const facts = log.facts()
    const { rows, from, to } = document
    if (facts.rows === rows && facts.from === from && facts.to === to) return
    // Of what is damaged it stays known how much there was.
    if (rows !== null && facts.rows < rows) return
    await this.#list.change(id, facts)
  }

  /** Lets go of an opened capture; does nothing when it is not open. */
  async close(captureId: string): Promise<void> {
    const opened = this.#opened.get(captureId)
    this.#opened.delete(captureId)
    const log = await opened?.catch(() => undefined)
    await log?.dispose()
  }

  /**
   * Also turns a capture that was left into one that is saved.
   * @throws {AppError} NOT_FOUND, CAPTURE_UNREADABLE, STORAGE_UNWRITABLE.
   */
  rename(captureId: string, name: string): Promise<Capture> {
    return this.#list.change(captureId, { name, state: 'saved' })
  }

  /**
   * Closes a capture and moves it aside for half a minute, in which that can be undone.
   * @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE.
   */
  async delete(captureId: string): Promise<void> {
    this.#list.require(captureId)
    await this.close(captureId)
    await this.#list.delete(captureId)
  }

  /** Undoes a delete while that is possible. @throws {AppError} NOT_FOUND, STORAGE_UNWRITABLE. */
  restore(captureId: string): Promise<void> {
    return this.#list.restore(captureId)
  }

  /** Closes opened captures and deletes for good. Live logs are disposed by whoever had them made. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((id) => this.close(id)))
    await this.#list.dispose()
  }
}

function documentOf(
  state: CaptureDocument['state'],
  name: string,
  origin: string,
): CaptureDocument {
  const nothing = { rows: null, from: null, to: null }
  return { state, name, origin, recovered: false, savedAt: Date.now(), ...nothing }
}
