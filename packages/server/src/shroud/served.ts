import type { Pawl } from '@pawl/core'

/** All that an engine must be to have its models called. */
export type Served = Pick<Pawl, 'perform' | 'registry' | 'settings'>
