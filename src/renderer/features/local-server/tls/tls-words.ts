import type { CertificateFacts, CertificateFault, TlsConfig } from '@shared/model/certificate'

/** Adds a certificate, gives its passphrase anew, or says how to trust the test CA. */
export type TlsDialog = 'add' | 'unlock' | 'trust'

type Options<Value> = readonly { readonly value: Value; readonly label: string }[]

export const tlsModeOptions: Options<TlsConfig['mode']> = [
  { value: 'off', label: 'Off: ws' },
  { value: 'generated', label: 'wss, certificate made by Framescope' },
  { value: 'own', label: 'wss, a certificate of your own' },
]

export const certificateFaultOptions: Options<CertificateFault> = [
  { value: 'none', label: 'Valid for this machine’s names' },
  { value: 'expired', label: 'Fault: expired yesterday' },
  { value: 'mismatch', label: 'Fault: for another name' },
]

export const isExpired = ({ notAfter }: CertificateFacts) => notAfter < Date.now()
