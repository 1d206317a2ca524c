import { computed, type Ref } from 'vue'
import type { Draft } from '@shared/model/connection'
import { encodeDraft, type EncodedDraft } from '@shared/model/payload-format'

/** The frame a draft would become, and whether it can be sent as it stands. */
export function useEncodedDraft(draft: Readonly<Ref<Draft>>, file: Readonly<Ref<File | null>>) {
  /** `null` for a file, which is never in memory as a whole. */
  const encoded = computed<EncodedDraft | null>(() =>
    draft.value.format === 'file' ? null : encodeDraft(draft.value),
  )
  const sendable = computed(() => encoded.value?.ok ?? file.value !== null)
  return { encoded, sendable }
}
