import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { textRow } from '../../../../test/support/fake-frame-engine'
import RowPreview from './RowPreview.vue'

function marksOf(preview: string, query: string, part = {}): string[] {
  const wrapper = mount(RowPreview, { props: { row: textRow(0, { preview, ...part }), query } })
  expect(wrapper.text().replaceAll(/\\u\{\w+\}/g, '?')).not.toContain('\u202e')
  return wrapper.findAll('mark').map((mark) => mark.text())
}

describe('RowPreview', () => {
  it('marks the words and phrases of the filter, in any case', () => {
    expect(marksOf('The Price of a price', 'price or "of a"')).toEqual([
      'Price',
      'of a price'.slice(0, 4),
      'price',
    ])
    expect(marksOf('Straße', 'strasse')).toEqual(['Straße'])
    expect(marksOf('price', '-price')).toEqual([])
    expect(marksOf('{"type":"trade"}', '$.type == "trade"')).toEqual(['trade'])
  })

  it('marks nothing for a filter that is wrong, or in hex pairs', () => {
    expect(marksOf('price', '"price')).toEqual([])
    expect(marksOf('1f 8b', '8b', { kind: 'binary' })).toEqual([])
  })

  it('shows hidden characters within a mark', () => {
    expect(marksOf('a\u202eb', '"a\u202eb"')).toEqual(['a\\u{202e}b'])
  })
})
