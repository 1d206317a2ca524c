import * as zlib from 'node:zlib'

/** Compressions that can be undone, by the name of their step. */
export type CompressionName = 'gzip' | 'zlib' | 'deflate-raw' | 'brotli' | 'zstd'

export interface InflateOptions {
  readonly maxOutputLength: number
  readonly chunkSize: number
  /** Gives what there is instead of refusing data that ends too early. */
  readonly cut: boolean
}

export interface Inflated {
  readonly output: Uint8Array
  /** Bytes of the input that belonged to the compressed data. */
  readonly consumed: number
}

export interface Compression {
  /** What it is called in messages. */
  readonly title: string
  /** @throws {Error} with a `code` of zlib, or `ERR_BUFFER_TOO_LARGE`. */
  inflate(input: Uint8Array, options: InflateOptions): Inflated
}

type Engine = { readonly bytesWritten: number }
type InflateSync = (
  input: Uint8Array,
  options: {
    readonly maxOutputLength: number
    readonly chunkSize: number
    readonly finishFlush?: number
    readonly info: true
  },
) => unknown

const { Z_SYNC_FLUSH, BROTLI_OPERATION_FLUSH, ZSTD_e_flush } = zlib.constants

function compression(title: string, inflateSync: InflateSync, flush: number): Compression {
  return {
    title,
    inflate(input, { maxOutputLength, chunkSize, cut }) {
      const finish = cut ? { finishFlush: flush } : {}
      const options = { maxOutputLength, chunkSize, ...finish, info: true } as const
      // With `info`, which its types do not know, zlib also tells how far it has read.
      const { buffer, engine } = inflateSync(input, options) as { buffer: Buffer; engine: Engine }
      return { output: buffer, consumed: engine.bytesWritten }
    },
  }
}

/** A runtime without Zstandard (Node before 22.15) says so instead. */
const zstdSync: InflateSync =
  typeof zlib.zstdDecompressSync === 'function'
    ? (zlib.zstdDecompressSync as InflateSync)
    : () => {
        throw Object.assign(new Error('This system cannot decode Zstandard.'), { code: 'ABSENT' })
      }

export const compressions: Readonly<Record<CompressionName, Compression>> = {
  gzip: compression('gzip', zlib.gunzipSync as InflateSync, Z_SYNC_FLUSH),
  zlib: compression('zlib', zlib.inflateSync as InflateSync, Z_SYNC_FLUSH),
  'deflate-raw': compression('deflate', zlib.inflateRawSync as InflateSync, Z_SYNC_FLUSH),
  brotli: compression('Brotli', zlib.brotliDecompressSync as InflateSync, BROTLI_OPERATION_FLUSH),
  zstd: compression('Zstandard', zstdSync, ZSTD_e_flush),
}
