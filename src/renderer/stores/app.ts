import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { AppInfo, Notice } from '@shared/contract'
import { engine } from '../api/engine'

/** What this app is and what its host can do. */
export const useAppStore = defineStore('app', () => {
  const info = shallowRef<AppInfo | null>(null)
  const notices = shallowRef<readonly Notice[]>([])
  /** False while the browser host is out of reach. */
  const connected = ref(true)

  engine.on('notices.changed', (changed) => (notices.value = changed))

  async function load() {
    info.value = await engine.call('app.info', {})
    notices.value = info.value.notices
  }

  async function dismissNotice(noticeId: string) {
    await engine.call('app.dismissNotice', { noticeId })
  }

  /** Calls `attach` whenever the engine is back after it was out of reach. */
  function onBack(attach: () => void) {
    return engine.onConnectedChange((now) => {
      const back = now && !connected.value
      connected.value = now
      if (back) attach()
    })
  }

  return { info, notices, connected, load, dismissNotice, onBack }
})
