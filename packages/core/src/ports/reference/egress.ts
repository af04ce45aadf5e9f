import { type Egress, EgressDenied } from '../egress.ts'

/** Denies every call. This is the default. */
export const noEgress: Egress = {
  fetch: async ({ purpose, url }) => {
    const destination = URL.canParse(url) ? new URL(url).host : 'no URL'
    throw new EgressDenied(`Outgoing calls are not allowed (${purpose} to ${destination}). Set PAWL_EGRESS_ALLOW.`)
  },
}
