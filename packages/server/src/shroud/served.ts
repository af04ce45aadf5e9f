import type { Pawl } from '@pawl/core'

/** The parts of an engine that Shroud needs. */
export type Served = Pick<Pawl, 'perform' | 'registry' | 'settings'>
