import { FileBytes } from './file-bytes'
import { readHar } from './har-file'
import { importFailed, type Imported, type SkippedParts } from './imported'
import { readJsonLines } from './json-lines-file'

/** A file on disk and what it is called. */
export interface SourceFile {
  readonly name: string
  readonly path: string
  /** In bytes. */
  readonly size: number
}

/**
 * Reads a file that is to become a capture; what it is follows from its start. Blocks while it reads.
 * @throws {AppError} IMPORT_FAILED, saying what was expected and what there is instead.
 */
export function* readFile(
  source: SourceFile,
  attached: readonly SourceFile[],
  skipped: SkippedParts,
): Generator<Imported, void> {
  const open: FileBytes[] = []
  const openFile = ({ path }: SourceFile) => {
    const file = FileBytes.open(path)
    open.push(file)
    return file
  }
  try {
    const file = openFile(source)
    if (!isHar(file, source.name)) yield* readJsonLines(file, source.name, skipped)
    else {
      const attachments = new Map(attached.map((item) => [item.name, openFile(item)]))
      yield* readHar(file, source.name, attachments, skipped)
    }
  } finally {
    for (const file of open) file.close()
  }
}

/** Whether it is a HAR file. @throws {AppError} IMPORT_FAILED when it is no JSON at all. */
function isHar(file: FileBytes, name: string): boolean {
  const start = file.read(0, 4096)
  const text = start
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trimStart()
  if (start.subarray(0, 4).equals(Buffer.from('PK\x03\x04')))
    throw importFailed(
      `“${name}” is a ZIP archive. Unpack it and import the .har file together with the .jsonl files in it.`,
    )
  if (start.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b])))
    throw importFailed(`“${name}” is compressed with gzip. Unpack it first.`)
  if (text !== '' && !text.startsWith('{'))
    throw importFailed(
      `“${name}” is neither HAR, which begins with {"log": …, nor JSON Lines, which has one JSON object on each line: it begins with ${beginning(start)}.`,
    )
  return /^\{\s*"log"\s*:/.test(text) || /\.har$/i.test(name)
}

function beginning(bytes: Buffer): string {
  const some = bytes.subarray(0, 8)
  const isText = some.every((byte) => byte >= 0x20 && byte < 0x7f)
  return isText
    ? `“${some.toString('latin1')}”`
    : `the bytes ${some.toString('hex').replaceAll(/(..)(?=.)/g, '$1 ')}`
}
