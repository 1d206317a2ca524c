import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import CloseDialog from './CloseDialog.vue'

let unmount = () => {}
afterEach(() => unmount())

async function mountDialog() {
  const wrapper = mount(CloseDialog, {
    props: {
      open: true,
      title: 'Disconnect with a code',
      'onUpdate:open': (open: boolean) => wrapper.setProps({ open }),
    },
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  await nextTick()
  return wrapper
}

function control<Type extends HTMLElement>(label: string): Type {
  const found = [...document.querySelectorAll('label')].find((item) => item.textContent === label)
  const element = found && document.getElementById(found.htmlFor)
  if (!element) throw new Error(`There is no ${label}.`)
  return element as Type
}

async function set(label: string, value: string, event = 'input') {
  control<HTMLInputElement>(label).value = value
  control(label).dispatchEvent(new Event(event))
  await nextTick()
}

const button = () =>
  [...document.querySelectorAll('button')].find(
    (item) => item.textContent.trim() === 'Send close frame',
  )

async function submit() {
  document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
  await nextTick()
}

describe('CloseDialog', () => {
  it('starts with 1000 and no reason, and closes after it was sent', async () => {
    const wrapper = await mountDialog()
    await submit()
    expect(wrapper.emitted('close')).toEqual([[{ code: 1000, reason: '' }]])
    expect(wrapper.props('open')).toBe(false)
  })

  it('offers no code that may not be on the wire', async () => {
    await mountDialog()
    const codes = [...control<HTMLSelectElement>('Close code').options].map(({ value }) => value)
    expect(codes).toContain('1014')
    for (const forbidden of ['1004', '1005', '1006', '1015']) expect(codes).not.toContain(forbidden)
  })

  it('takes a code of one’s own from 3000 to 4999 only', async () => {
    const wrapper = await mountDialog()
    await set('Close code', 'own', 'change')
    await set('Code', '2999')
    expect(button()?.disabled).toBe(true)
    await submit()
    expect(wrapper.emitted('close')).toBeUndefined()
    await set('Code', '4999')
    await set('Reason', 'done')
    await submit()
    expect(wrapper.emitted('close')).toEqual([[{ code: 4999, reason: 'done' }]])
  })

  it('counts the reason in bytes and refuses the 124th', async () => {
    const wrapper = await mountDialog()
    await set('Reason', 'é'.repeat(61) + 'x')
    expect(document.body.textContent).toContain('123 of 123 bytes')
    expect(button()?.disabled).toBe(false)
    await set('Reason', 'é'.repeat(62))
    expect(document.body.textContent).toContain('124 bytes; a close reason has at most 123.')
    expect(button()?.disabled).toBe(true)
    await submit()
    expect(wrapper.emitted('close')).toBeUndefined()
  })
})
