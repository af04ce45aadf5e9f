import { type Egress, EgressDenied } from '../egress.ts'

/** Nothing leaves. The default, and all that an air-gapped install needs. */
export const noEgress: Egress = {
  fetch: async ({ purpose, url }) => {
    const destination = URL.canParse(url) ? new URL(url).host : 'no URL'
    throw new EgressDenied(`Outgoing calls are not allowed (${purpose} to ${destination}). Set PAWL_EGRESS_ALLOW.`)
  },
}
