import type { Cascade, Engine } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { consentKind, grantKind } from './records.ts'

// A grant without its consent is worth nothing, so the consents go in the unit of the change where they are few.

export const dropUser: Cascade = {
  inUnit: ({ unit }, id) => {
    for (const consent of unit.list(consentKind, 'user', unit.org ?? '', id)) unit.delete(consentKind, consent)
  },
  asJob: ({ records }, { org, id }) => dropAll(records, org, grantKind, 'user', org, id),
}

/** Tokens of an app that is gone are refused at once. */
export const dropApp: Cascade = {
  asJob: async ({ records }: Engine, { org, id }) => {
    await dropAll(records, org, consentKind, 'app', id)
    await dropAll(records, org, grantKind, 'app', id)
  },
}

/** A user who disconnects from an app takes back what they allowed it. */
export const dropConnection: Cascade = {
  inUnit: ({ unit }, id) => {
    for (const consent of unit.list(consentKind, 'connection', id)) unit.delete(consentKind, consent)
  },
}
