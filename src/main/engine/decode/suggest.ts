import type { DecodeChain, DecodeStep } from '@shared/model/decode'
import { candidates } from './candidates'
import { sampleOf, textOf, type Sample } from './sample'

/** Most chains suggested. */
const maxChains = 5

/** Longest chain tried, without what shows its result. */
const maxTried = 4

/**
 * Chains that decode a payload, the likeliest first. Each has been tried on the payload's beginning.
 * None for text, which can be read as it is, unless it stands for something else.
 * @param bytes The payload, or its beginning.
 * @param size Bytes of all of it; infinite when nobody knows.
 */
export function suggest(bytes: Uint8Array, size: number): DecodeChain[] {
  return explore(sampleOf(bytes, size - bytes.length), 0).slice(0, maxChains)
}

function explore(sample: Sample, tried: number): DecodeChain[] {
  if (tried === maxTried || sample.bytes.length === 0) return []
  return candidates(sample).flatMap(({ step, output, certain }) => {
    if (!output) return [[step]]
    const chains = explore(output, tried + 1)
    const shown = shownBy(step, output)
    if (shown) chains.push(shown)
    if (chains.length === 0 && certain) chains.push([])
    return chains.map((rest) => [step, ...rest])
  })
}

/** What shows the output of a step as text; `null` when it is none. */
function shownBy(step: DecodeStep, output: Sample): DecodeChain | null {
  const text = textOf(output)
  if (!text) return null
  if (text.json) return [{ name: 'json' }]
  return step.name.startsWith('utf-') ? [] : [{ name: 'utf-8' }]
}
