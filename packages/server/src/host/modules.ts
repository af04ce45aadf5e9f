import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from './config-error.ts'
import { shareOwnPackages } from './own-packages.ts'
import { Unfit } from './settings.ts'

/** The module that a setting such as `module:./store.mjs` names; null for any other text. */
export function moduleNamed(given: string): string | null {
  if (!given.startsWith('module:')) return null
  const module = given.slice('module:'.length)
  if (module === '') throw new Unfit('must name a path or a package after module:')
  return module
}

/** The default export of a module that a setting names. The module runs in this process, with all its rights. */
export async function defaultOf<T extends object>(
  setting: string,
  given: string,
  what: string,
  fits: (value: Partial<T>) => value is T,
): Promise<T> {
  const module = await importFrom(given).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigError(`${setting}: ${given} cannot be loaded: ${reason}`)
  })
  const { default: value } = module as { readonly default?: Partial<T> | null }
  if (value !== null && value !== undefined && fits(value)) return value
  throw new ConfigError(`${setting}: the default export of ${given} is not ${what}.`)
}

/** Paths and packages are resolved from the working directory of the server. */
async function importFrom(given: string): Promise<unknown> {
  shareOwnPackages()
  const isPath = /^\.{0,2}\//.test(given)
  const file = isPath ? resolve(given) : createRequire(join(process.cwd(), 'package.json')).resolve(given)
  return import(pathToFileURL(file).href)
}
