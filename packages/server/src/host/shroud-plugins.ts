import { modelNamesIn, type ShroudPlugins } from '@pawl/core/ports'
import type { Config } from './config.ts'
import { ConfigError } from './config-error.ts'
import { defaultOf } from './modules.ts'

const setting = 'PAWL_SHROUD_PLUGINS'

/** The plug-ins of Shroud that a configuration names. Default: none. */
export async function shroudPluginsOf({ shroudPlugins }: Pick<Config, 'shroudPlugins'>): Promise<ShroudPlugins> {
  if (shroudPlugins === null) return {}
  const what = 'an object with detectors, classifiers or models'
  const plugins = await defaultOf(setting, shroudPlugins, what, isShroudPlugins)
  try {
    modelNamesIn(plugins)
  } catch (error) {
    throw new ConfigError(`${setting}: ${error instanceof Error ? error.message : error}`)
  }
  return plugins
}

function isShroudPlugins(value: ShroudPlugins): value is ShroudPlugins {
  const { detectors, classifiers, models } = value
  const lists = [detectors, classifiers, models].filter((list) => list !== undefined)
  if (lists.length === 0 || !lists.every((list) => Array.isArray(list))) return false
  const functions = [
    ...(detectors ?? []).map((one) => one?.detect),
    ...(classifiers ?? []).map((one) => one?.classifier?.classify),
    ...(models ?? []).map((one) => one?.complete),
  ]
  return functions.every((one) => typeof one === 'function')
}
