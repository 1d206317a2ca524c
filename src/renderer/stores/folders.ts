import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Folder } from '@shared/model/folder'
import { engine } from '../api/engine'

/** A mirror of the folders that local servers may serve. */
export const useFoldersStore = defineStore('folders', () => {
  const folders = shallowRef<readonly Folder[]>([])

  async function load() {
    folders.value = await engine.call('folders.list', {})
  }

  /** @returns the folder that was chosen, `null` when none was. */
  async function choose(): Promise<Folder | null> {
    const chosen = await engine.call('folders.choose', {})
    if (chosen) await load()
    return chosen
  }

  return { folders, load, choose }
})
