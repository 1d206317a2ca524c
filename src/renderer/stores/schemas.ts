import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { ProtoSchema } from '@shared/model/decode'
import { engine } from '../api/engine'

/** A mirror of the .proto files and descriptor sets that messages are decoded with. */
export const useSchemasStore = defineStore('schemas', () => {
  const schemas = shallowRef<readonly ProtoSchema[]>([])

  engine.on('schemas.changed', (changed) => (schemas.value = changed))

  async function load() {
    schemas.value = await engine.call('schemas.list', {})
  }

  function find(schemaId: string | null): ProtoSchema | undefined {
    return schemas.value.find((schema) => schema.schemaId === schemaId)
  }

  /** Keeps a file that was handed to the engine before. */
  async function add(fileId: string): Promise<ProtoSchema> {
    const schema = await engine.call('schemas.add', { fileId })
    if (!find(schema.schemaId)) schemas.value = [...schemas.value, schema]
    return schema
  }

  const remove = (schemaId: string) => engine.call('schemas.remove', { schemaId })

  return { schemas, load, find, add, remove }
})
