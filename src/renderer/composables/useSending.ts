import { ref } from 'vue'
import type { OutgoingMessage, SendOutcome } from '@shared/contract'
import { AppError } from '@shared/errors'
import type { Draft } from '@shared/model/connection'
import type { EncodedDraft } from '@shared/model/payload-format'
import { releaseFile, uploadFile } from './uploadFile'

/** What kept a message from being sent. */
export interface SendFailure {
  readonly code: string
  readonly message: string
}

/** Sends a draft or a file through `deliver`, one at a time, and keeps what went wrong. */
export function useSending<Result = SendOutcome>(
  deliver: (message: OutgoingMessage) => Promise<Result>,
) {
  const sending = ref(false)
  /** Bytes of the file the engine has, of all; `null` while no file is on its way. */
  const upload = ref<{ readonly done: number; readonly size: number } | null>(null)
  const failure = ref<SendFailure | null>(null)

  /** @returns what `deliver` returned, or `null` when the message was not sent. */
  async function send(draft: Draft, encoded: EncodedDraft | null, file: File | null) {
    if (sending.value) return null
    return attempt(async () => {
      if (encoded?.ok) {
        const { opcode, bytes: payload } = encoded
        return deliver({ from: 'bytes', opcode, payload, draft })
      }
      return file ? sendFile(file, draft) : null
    })
  }

  async function sendFile(file: File, draft: Draft) {
    const fileId = await uploadFile(file, {
      onProgress: (done) => (upload.value = { done, size: file.size }),
    })
    try {
      return await deliver({ from: 'file', opcode: draft.opcode, fileId })
    } finally {
      releaseFile(fileId)
    }
  }

  /** Runs something that may fail; the failure stays until the next attempt. */
  async function attempt<Value>(action: () => Promise<Value>): Promise<Value | null> {
    failure.value = null
    sending.value = true
    try {
      return await action()
    } catch (error) {
      failure.value =
        error instanceof AppError
          ? { code: error.code, message: error.message }
          : { code: 'INTERNAL', message: String(error) }
      return null
    } finally {
      sending.value = false
      upload.value = null
    }
  }

  return { sending, upload, failure, send, attempt }
}
