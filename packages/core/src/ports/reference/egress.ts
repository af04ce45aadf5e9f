import { type Egress, EgressDenied } from '../egress.ts'

/** Nothing leaves. The default, and all that an air-gapped install needs. */
export const noEgress: Egress = {
  fetch: async ({ purpose, url }) => {
    throw new EgressDenied(`Outgoing calls are not allowed (${purpose} to ${new URL(url).host}).`)
  },
}
