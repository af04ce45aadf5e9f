import type { Area } from '@pawl/core'
import type { Config } from './config.ts'
import { defaultOf } from './modules.ts'

/** The areas that a configuration names. They run in this process, with all its rights. */
export async function areasOf({ areas }: Pick<Config, 'areas'>): Promise<Area[]> {
  return Promise.all(areas.map((given) => defaultOf('PAWL_AREAS', given, 'an area', isArea)))
}

function isArea(value: Partial<Area>): value is Area {
  return typeof value.name === 'string' && value.operations !== undefined
}
