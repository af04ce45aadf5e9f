import { hasPart, programAt } from './index.ts'

/** Guides are followed with it. */
export const hasCurl = hasPart('curl', 'apt-get install curl', programAt('curl') !== null)
