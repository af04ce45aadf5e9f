import { custodyNotConfigured } from './errors.ts'

/** What a custody mode means for the record of a vault. Three shares need several HSMs. */
export function splitCustody(custody: '2-of-2' | '2-of-3'): { readonly isSplit: true } {
  if (custody === '2-of-3') throw custodyNotConfigured()
  return { isSplit: true }
}
