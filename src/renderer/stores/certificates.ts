import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { OwnCertificate, TestAuthority } from '@shared/model/certificate'
import { engine } from '../api/engine'

/** A mirror of the user's own certificates for local servers, and of the CA for those that are made. */
export const useCertificatesStore = defineStore('certificates', () => {
  const own = shallowRef<readonly OwnCertificate[]>([])
  const authority = shallowRef<TestAuthority | null>(null)

  async function load() {
    own.value = await engine.call('certificates.list', {})
  }

  /** Makes the CA when there is none yet. */
  async function loadAuthority() {
    authority.value = await engine.call('certificates.authority', {})
  }

  const saveAuthority = () => engine.call('certificates.saveAuthority', {})

  /** Keeps files that were handed to the engine before. @returns the certificate. */
  async function add(name: string, fileIds: string[], passphrase: string | null) {
    const before = new Set(own.value.map(({ certificateId }) => certificateId))
    own.value = await engine.call('certificates.add', { name, fileIds, passphrase })
    return own.value.find(({ certificateId }) => !before.has(certificateId))
  }

  async function remove(certificateId: string) {
    own.value = await engine.call('certificates.remove', { certificateId })
  }

  async function unlock(certificateId: string, passphrase: string) {
    own.value = await engine.call('certificates.unlock', { certificateId, passphrase })
  }

  return { own, authority, load, loadAuthority, saveAuthority, add, remove, unlock }
})
