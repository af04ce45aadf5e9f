import { perEngine } from '../../operations/index.ts'

/** The seal of the vault that an engine opens. */
export const sealOf = perEngine(({ seal }) => seal)
