import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { EditorView } from '@codemirror/view'
import CodeEditor from './CodeEditor.vue'

let unmount = () => {}
afterEach(() => unmount())

function mountEditor(props: Partial<InstanceType<typeof CodeEditor>['$props']> = {}) {
  const wrapper = mount(CodeEditor, {
    props: { label: 'Message', modelValue: '', ...props },
    attachTo: document.body,
  })
  unmount = () => wrapper.unmount()
  const content = wrapper.get('[role=textbox]')
  const view = EditorView.findFromDOM(content.element as HTMLElement)
  if (!view) throw new Error('There is no editor.')
  return { wrapper, content, view }
}

describe('CodeEditor', () => {
  it('is a text box with the given name', () => {
    const { content } = mountEditor()
    expect(content.attributes('aria-label')).toBe('Message')
    expect(content.attributes('aria-multiline')).toBe('true')
  })

  it('shows a text and gives back what is typed into it, line ends included', () => {
    const { wrapper, view } = mountEditor({ modelValue: 'a\r\nb' })
    expect(view.state.doc.toString()).toBe('a\r\nb')
    view.dispatch({ changes: { from: 4, insert: view.state.toText('\rc\n') } })
    expect(wrapper.emitted('update:modelValue')).toEqual([['a\r\nb\rc\n']])
  })

  it('takes a new text without telling it back', async () => {
    const { wrapper, view } = mountEditor({ modelValue: 'before' })
    await wrapper.setProps({ modelValue: 'after\r' })
    expect(view.state.doc.toString()).toBe('after\r')
    expect(wrapper.emitted('update:modelValue')).toBeUndefined()
  })

  it('draws characters that do not show', () => {
    const { wrapper } = mountEditor({ modelValue: 'a\r\nb\0' })
    const marks = wrapper.findAll('[role=img]')
    expect(marks.map((mark) => mark.text())).toEqual(['CR', 'NUL'])
    expect(marks[0]?.attributes('aria-label')).toBe('carriage return')
  })

  it('survives half a surrogate pair', () => {
    const { view } = mountEditor({ modelValue: 'a\ud800b' })
    expect(view.state.doc.toString()).toBe('a\ud800b')
  })

  it('submits on Ctrl+Enter and leaves the text alone', async () => {
    const { wrapper, content, view } = mountEditor({ modelValue: 'hello' })
    await content.trigger('keydown', { key: 'Enter', ctrlKey: true })
    expect(wrapper.emitted('submit')).toHaveLength(1)
    expect(view.state.doc.toString()).toBe('hello')
  })

  it('asks for older and newer texts with Alt and the arrows', async () => {
    const { wrapper, content } = mountEditor()
    await content.trigger('keydown', { key: 'ArrowUp', altKey: true })
    await content.trigger('keydown', { key: 'ArrowDown', altKey: true })
    expect(wrapper.emitted('older')).toHaveLength(1)
    expect(wrapper.emitted('newer')).toHaveLength(1)
  })

  it('underlines a problem and lets go of it', async () => {
    const { wrapper } = mountEditor({
      modelValue: '{"a": tru}',
      language: 'json',
      problem: { message: '“tru” is not JSON.', offset: 6 },
    })
    expect(wrapper.get('.cm-lintRange-error').text()).toBe('t')
    await wrapper.setProps({ problem: null })
    expect(wrapper.find('.cm-lintRange-error').exists()).toBe(false)
  })

  it('keeps a problem beyond the end inside the text', () => {
    const { wrapper } = mountEditor({
      modelValue: '[1',
      problem: { message: 'A comma or ] is missing.', offset: 99 },
    })
    expect(wrapper.get('.cm-lintRange-error').text()).toBe('1')
  })

  it('writes a tab only where it is asked to', async () => {
    const { content, view, wrapper } = mountEditor({ modelValue: '' })
    await content.trigger('keydown', { key: 'Tab', keyCode: 9 })
    expect(view.state.doc.toString()).toBe('')
    await wrapper.setProps({ tabs: true })
    await content.trigger('keydown', { key: 'Tab', keyCode: 9 })
    expect(view.state.doc.toString()).toBe('\t')
  })

  it('types over a selection itself, so that no look of the old text remains', () => {
    const { content, view } = mountEditor({ modelValue: 'a\r\nb' })
    view.dispatch({ selection: { anchor: 0, head: 3 } })
    const event = new InputEvent('beforeinput', {
      inputType: 'insertText',
      data: 'x',
      bubbles: true,
      cancelable: true,
    })
    content.element.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
    expect(view.state.doc.toString()).toBe('xb')
  })

  it('lets Tab go after Escape', async () => {
    const { content, view } = mountEditor({ modelValue: '', tabs: true })
    await content.trigger('keydown', { key: 'Escape', keyCode: 27 })
    await content.trigger('keydown', { key: 'Tab', keyCode: 9 })
    expect(view.state.doc.toString()).toBe('')
  })
})
