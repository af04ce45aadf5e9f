import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ModelPrices, ModelProviders } from '@pawl/core'
import { type Environment, type Setting, Unfit, webUrl } from './settings.ts'

// The providers of models. Their settings have the name of the provider in them, so there can be any.

const prefix = 'PAWL_MODEL_'

/** How these settings are shown in lists of settings. `<PROVIDER>` stands for the name of a provider. */
export const modelSetting: Omit<Setting<unknown>, 'read' | 'shown'> = {
  name: `${prefix}<PROVIDER>`,
  summary:
    'Base URL of a model provider for Shroud, which may then call this address: PAWL_MODEL_OPENAI=https://api.openai.com/v1, or a local server such as http://127.0.0.1:11434/v1.',
  usual: null,
  secret: false,
}

/** Whether a name is one of these settings. */
export function isModelSetting(name: string): boolean {
  return /^PAWL_MODEL_[A-Z][A-Z0-9_]{0,31}$/.test(name)
}

/** The settings that are set. If there are none, the name with the placeholder. */
export function modelNames(env: Environment): string[] {
  const found = Object.keys(env).filter(isModelSetting)
  return found.length > 0 ? found : [modelSetting.name]
}

/** Reads the base URLs by the name of the provider. Adds a sentence to the problems for each that is not valid. */
export function readModelProviders(env: Environment, problems: string[]): ModelProviders {
  const providers: Record<string, string> = {}
  for (const name of Object.keys(env).filter(isModelSetting)) {
    try {
      providers[name.slice(prefix.length).toLowerCase()] = webUrl(env[name] ?? '')
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${name} ${error.message}.`)
    }
  }
  return providers
}

/** A file such as `{ "gpt-5-mini": { "input": 0.25, "output": 2 }, "llama*": { "input": 0, "output": 0 } }`. */
export function modelPrices(file: string): ModelPrices {
  const given = contentOf(resolve(file))
  if (!isObject(given)) throw notPrices()
  for (const price of Object.values(given)) if (!isPrice(price)) throw notPrices()
  return given as ModelPrices
}

function contentOf(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    throw new Unfit('must be a file that can be read')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw notPrices()
  }
}

const priceFields = ['input', 'output', 'outputTokensMax']

function isPrice(value: unknown): boolean {
  if (!isObject(value) || !Object.keys(value).every((name) => priceFields.includes(name))) return false
  const { input, output, outputTokensMax = 1 } = value
  return isAmount(input) && isAmount(output) && Number.isInteger(outputTokensMax) && (outputTokensMax as number) > 0
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1_000_000
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function notPrices(): Unfit {
  return new Unfit(
    'must be a JSON file with the price of each model in USD for a million tokens, such as {"small": {"input": 0.25, "output": 2}}',
  )
}
