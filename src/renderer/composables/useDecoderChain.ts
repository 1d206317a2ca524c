import { computed, toRaw, type Ref } from 'vue'
import type { DecodeChain } from '@shared/model/decode'
import type { RowDetail } from '@shared/model/frame'
import { mostDecoders } from '@shared/model/settings'
import { useSettingsStore } from '../stores/settings'
import { useToastsStore } from '../stores/toasts'
import { decoderKey, remembered } from './decoder-key'

const none: DecodeChain = []

/** The decoders chosen for messages of this type on this connection. They stay until changed. */
export function useDecoderChain(
  logId: Readonly<Ref<string>>,
  detail: Readonly<Ref<RowDetail | null>>,
) {
  const settings = useSettingsStore()
  const toasts = useToastsStore()

  const key = computed(() => detail.value && decoderKey(logId.value, detail.value))
  const chain = computed(() =>
    key.value === null ? none : toRaw(settings.settings.decoders[key.value] ?? none),
  )

  function setChain(next: DecodeChain) {
    if (key.value === null) return
    const chosen = next.length > 0 ? next : null
    const decoders = remembered(toRaw(settings.settings.decoders), key.value, chosen, mostDecoders)
    settings.update({ decoders }).catch(toasts.showError)
  }

  return { chain, setChain, decodable: computed(() => key.value !== null) }
}
