import type { DecodeChain, DecodeStep, DecodeStepName } from '@shared/model/decode'

/** What each decoder is called on screen. */
export const stepLabels: Readonly<Record<DecodeStepName, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  base64: 'Base64',
  hex: 'Hex',
  gzip: 'gzip',
  zlib: 'zlib',
  'deflate-raw': 'raw deflate',
  brotli: 'Brotli',
  zstd: 'zstd',
  msgpack: 'MessagePack',
  cbor: 'CBOR',
  protobuf: 'Protobuf',
  json: 'JSON',
}

/** A step as a chip shows it, a Protobuf one with its message. */
export function stepText(step: DecodeStep): string {
  const label = stepLabels[step.name]
  if (step.name !== 'protobuf' || step.message === '') return label
  return `${label} ${step.message.split('.').at(-1) ?? ''}`
}

export function chainText(chain: DecodeChain): string {
  return chain.map(stepText).join(' → ')
}

/** A step as it is when it was just added. */
export function newStep(name: DecodeStepName): DecodeStep {
  return name === 'protobuf' ? { name, schemaId: null, message: '' } : { name }
}

/** The chain with a step at another place. */
export function moveStep(chain: DecodeChain, from: number, to: number): DecodeChain {
  const step = chain[from]
  if (!step) return chain
  const rest = chain.filter((_, index) => index !== from)
  return [...rest.slice(0, to), step, ...rest.slice(to)]
}
