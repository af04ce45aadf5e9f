import { perEngine } from '../../operations/index.ts'

/** The seal of the vault of an engine. */
export const sealOf = perEngine(({ seal }) => seal)
