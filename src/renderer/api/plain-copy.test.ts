import { expect, it } from 'vitest'
import { reactive } from 'vue'
import { plainCopy } from './plain-copy'

it('makes something structured clone takes of reactive state', () => {
  const state = reactive({ headers: [{ name: 'a', value: null }], nested: { list: [1, 'two'] } })
  const input = { ...state, bytes: new Uint8Array([1, 2]), left: undefined }

  expect(() => structuredClone(input)).toThrow()
  expect(structuredClone(plainCopy(input))).toEqual({
    headers: [{ name: 'a', value: null }],
    nested: { list: [1, 'two'] },
    bytes: new Uint8Array([1, 2]),
    left: undefined,
  })
})
