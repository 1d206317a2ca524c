import { flushPromises, mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Frame, RowDetail } from '@shared/model/frame'
import { PackedFrames } from '@shared/model/packed-frames'
import { putEngine } from '../../../../test/support/fake-engine-module'
import { createFakeFrameEngine, textRow } from '../../../../test/support/fake-frame-engine'
import FrameTab from './FrameTab.vue'

vi.mock('../../api/engine', () => import('../../../../test/support/fake-engine-module'))

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
    frames: new Uint8Array(PackedFrames.from(frames).bytes),
    raw,
  }
  const source = { logId: 'log', rowId: 7, size: detail.row.size }
  return mount(FrameTab, { props: { detail, source }, attachTo: document.body })
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

  it('lists tens of thousands of fragments, drawing those in sight', async () => {
    const wrapper = show(
      {},
      Array.from({ length: 65_536 }, (_, index) => frame(1_000 + index, 0, 0x28)),
    )
    await flushPromises()
    const list = wrapper.get('[role="listbox"]')
    expect(list.findAll('[role="option"]').length).toBeLessThan(60)
    const active = () => list.get(`#${list.attributes('aria-activedescendant')}`).attributes()
    expect(active()).toMatchObject({ 'aria-posinset': '1', 'aria-setsize': '65536' })
    await list.trigger('keydown', { key: 'End' })
    await flushPromises()
    expect(active()).toMatchObject({
      'aria-posinset': '65536',
      'aria-selected': 'true',
      'aria-label': 'Frame 65,536, +1.09 min, continuation, FIN 0, 40 B',
    })
    await list.trigger('keydown', { key: 'PageUp' })
    await flushPromises()
    expect(active()).toMatchObject({ 'aria-posinset': '65527' })
    wrapper.unmount()
  })

  it('shows the bytes that the chosen fragment carried', async () => {
    const engine = putEngine(createFakeFrameEngine([]))
    const payload = new Uint8Array(65_600).map((_, at) => (at * 7) % 251)
    engine.payloads.set(7, payload)
    const part = (payloadLength: number) => ({ ...frame(0, 0, 0x7e), payloadLength })
    const wrapper = show({ size: 65_600 }, [part(65_530), part(0), part(20), part(50)])
    await flushPromises()
    const list = wrapper.get('[role="listbox"]')
    const bytes = () =>
      wrapper
        .findAll('[aria-label="Payload of the frame"] [data-as="hex"]')
        .map((byte) => byte.text())
    expect(bytes().slice(0, 3)).toEqual(['00', '07', '0e'])
    expect(wrapper.text()).toContain('Payload of frame 1: 65.5 kB, from byte 0 of the message')
    await list.trigger('keydown', { key: 'ArrowDown' })
    expect(wrapper.text()).toContain('Payload of frame 2: none')
    await list.trigger('keydown', { key: 'ArrowDown' })
    await flushPromises()
    // Its part lies on both sides of the border between two blocks that are fetched by themselves.
    expect(bytes()).toEqual(
      Array.from(payload.subarray(65_530, 65_550), (byte) => byte.toString(16).padStart(2, '0')),
    )
    expect(wrapper.text()).toContain('Payload of frame 3: 20 B, from byte 65,530 of the message')
    wrapper.unmount()
  })

  it('says why the bytes of a fragment are not shown', () => {
    const frames = [frame(0, 0x41, 0x28), frame(1, 0x80, 0x28)]
    const compressed = show({ compressed: true, size: 900 }, frames)
    expect(compressed.text()).toContain('permessage-deflate compressed the message as a whole')
    compressed.unmount()
    const unread = show({ size: 10 }, frames)
    expect(unread.text()).toContain('the first 10 B of 40 B')
    unread.unmount()
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
