import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { ConnectionConfig } from '@shared/model/connection'
import type { Profile } from '@shared/model/profile'
import { engine } from '../api/engine'
import { useToastsStore } from './toasts'

/** A mirror of the saved profiles. */
export const useProfilesStore = defineStore('profiles', () => {
  const toasts = useToastsStore()
  const profiles = ref<Profile[]>([])

  engine.on('profiles.changed', (changed) => (profiles.value = changed))

  async function load() {
    profiles.value = await engine.call('profiles.list', {})
  }

  function find(profileId: string | null): Profile | undefined {
    return profiles.value.find((profile) => profile.id === profileId)
  }

  async function create(name: string, config: ConnectionConfig): Promise<Profile> {
    return engine.call('profiles.create', { name, config })
  }

  async function save(profileId: string, config: ConnectionConfig) {
    await engine.call('profiles.update', { profileId, config })
  }

  async function rename(profileId: string, name: string) {
    await engine.call('profiles.update', { profileId, name })
  }

  async function duplicate(profileId: string): Promise<Profile> {
    return engine.call('profiles.duplicate', { profileId })
  }

  async function remove(profileId: string) {
    const name = find(profileId)?.name ?? ''
    await engine.call('profiles.delete', { profileId })
    toasts.show(`Profile “${name}” deleted`, {
      action: 'Undo',
      run: () => void engine.call('profiles.restore', { profileId }).catch(toasts.showError),
    })
  }

  async function move(profileId: string, index: number) {
    await engine.call('profiles.move', { profileId, index })
  }

  return { profiles, load, find, create, save, rename, duplicate, remove, move }
})
