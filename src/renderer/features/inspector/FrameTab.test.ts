import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Frame, RowDetail } from '@shared/model/frame'
import { textRow } from '../../../../test/support/fake-frame-engine'
import FrameTab from './FrameTab.vue'

const frame = (time: number, ...header: number[]): Frame => ({
  header: Uint8Array.from(header),
  payloadLength: 40,
  time,
})

function show(
  part: Partial<RowDetail['row']>,
  frames: Frame[],
  raw: Uint8Array<ArrayBuffer> | null = null,
) {
  const detail: RowDetail = {
    row: textRow(7, { fragments: frames.length, ...part }),
    session: { number: 1, role: 'client', url: 'wss://a', peer: '', local: '' },
    frames,
    raw,
  }
  return mount(FrameTab, { props: { detail }, attachTo: document.body })
}
type Shown = ReturnType<typeof show>
const picture = (wrapper: Shown) => wrapper.get('[role="group"][aria-label="Header bit by bit"]')
const fields = (wrapper: Shown) =>
  wrapper
    .get('dl[aria-label="Fields of the header"]')
    .findAll('dt')
    .map((name) => name.text())

beforeEach(() => {
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(200)
})

describe('the frame of a row', () => {
  it('is drawn with its real bytes, and every bit has a meaning', () => {
    const wrapper = show({}, [frame(0, 0x81, 0xfe, 0x01, 0x9c, 0x37, 0xfa, 0x21, 0x3d)])
    expect(picture(wrapper).text()).toContain('81fe')
    expect(picture(wrapper).text()).toContain('37fa')
    expect(picture(wrapper).text()).toContain('0000000110011100')
    expect(fields(wrapper)).toEqual([
      'FIN',
      'RSV1',
      'RSV2',
      'RSV3',
      'opcode',
      'MASK',
      'length',
      'extended length',
      'masking key',
    ])
    expect(wrapper.text()).toContain('412')
    wrapper.unmount()
  })

  it('links bits, bytes and words under the keyboard', async () => {
    const wrapper = show({}, [frame(0, 0x82, 0x28)])
    const first = picture(wrapper).get('button')
    expect(first.attributes('aria-label')).toBe('FIN 1: The message ends here.')
    first.element.focus()
    for (let step = 0; step < 4; step++) await first.trigger('keydown', { key: 'ArrowRight' })
    await flushPromises()
    expect(document.activeElement?.getAttribute('aria-label')).toBe(
      'opcode 0x2: binary: begins a message of bytes.',
    )
    const linked = wrapper.findAll('.linked').map((element) => element.text())
    expect(linked).toEqual(['82', '0010opcode', 'opcode0x2binary: begins a message of bytes.'])
    wrapper.unmount()
  })

  it('lists the fragments of a message, and draws the one that is chosen', async () => {
    const wrapper = show({ compressed: true }, [
      frame(1_000, 0x41, 0x28),
      frame(1_000.4, 0x00, 0x28),
      frame(1_012.3, 0x80, 0x28),
    ])
    const list = wrapper.get('[role="listbox"]')
    expect(list.findAll('[role="option"]').map((item) => item.attributes('aria-label'))).toEqual([
      'Frame 1, first, text, FIN 0, 40 B',
      'Frame 2, +400 µs, continuation, FIN 0, 40 B',
      'Frame 3, +12.3 ms, continuation, FIN 1, 40 B',
    ])
    await list.trigger('keydown', { key: 'End' })
    expect(list.findAll('[aria-selected="true"]')).toHaveLength(1)
    expect(picture(wrapper).text()).toContain('8028')
    expect(wrapper.text()).toContain('Only the first fragment says that it is compressed.')
    wrapper.unmount()
  })

  it('shows a broken frame with its rule, its section and its bytes, the header marked', () => {
    const raw = Uint8Array.of(0xb1, 0x82, 1, 2, 3, 4, 0x61, 0x62)
    const broken = { rule: 'RSV2 and RSV3 must be 0', section: 'RFC 6455 section 5.2' }
    const wrapper = show({ broken }, [frame(0, 0xb1, 0x82, 1, 2, 3, 4)], raw)
    expect(wrapper.get('[role="note"]').text()).toContain('RSV2 and RSV3 must be 0')
    expect(wrapper.get('[role="note"]').text()).toContain('RFC 6455 section 5.2')
    const bytes = wrapper.get('[aria-label="Bytes of the broken frame"]')
    const marked = bytes.findAll('.selected[data-as="hex"]').map((cell) => cell.text())
    expect(marked).toEqual(['b1', '82', '01', '02', '03', '04'])
    expect(wrapper.text()).toContain('8 B as received, the header (6 B) marked')
    wrapper.unmount()
  })

  it('draws nothing for an event', () => {
    const wrapper = show({ kind: 'note', direction: 'none' }, [])
    expect(wrapper.find('[aria-label="Header bit by bit"]').exists()).toBe(false)
    expect(wrapper.text()).toContain('none, an event')
    wrapper.unmount()
  })
})
