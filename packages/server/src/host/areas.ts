import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Area } from '@pawl/core'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'

/** The areas that a configuration names. They run in this process, with all that it may do. */
export async function areasOf({ areas }: Pick<Config, 'areas'>): Promise<Area[]> {
  return Promise.all(areas.map(load))
}

async function load(given: string): Promise<Area> {
  const module = await importFrom(given).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`PAWL_AREAS: ${given} cannot be loaded: ${reason}`)
  })
  const { default: area } = module as { readonly default?: Partial<Area> }
  if (typeof area?.name === 'string' && area.operations) return area as Area
  throw new ConfigError(`PAWL_AREAS: the default export of ${given} is not an area.`)
}

/** A path counts from where the server is started, and so does the place where a package is looked for. */
function importFrom(given: string): Promise<unknown> {
  const isPath = /^\.{0,2}\//.test(given)
  const file = isPath ? resolve(given) : createRequire(join(process.cwd(), 'package.json')).resolve(given)
  return import(pathToFileURL(file).href)
}
