import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ConfigError } from './config-error.ts'

/** The default export of a module that a setting names. The module runs in this process, with all that it may do. */
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

/** A path counts from where the server is started, and so does the place where a package is looked for. */
function importFrom(given: string): Promise<unknown> {
  const isPath = /^\.{0,2}\//.test(given)
  const file = isPath ? resolve(given) : createRequire(join(process.cwd(), 'package.json')).resolve(given)
  return import(pathToFileURL(file).href)
}
