import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Tiers } from '@pawl/core'
import { tierPreset, tiersProblem } from '@pawl/core/surfaces'
import { Unfit } from './settings.ts'

/**
 * A file such as `{ "default": "free", "tiers": { "free": { "limits": { "requests": 1000, "vaults": 3 } }, "pro": {} } }`, or
 * `preset`.
 */
export function tiers(given: string): Tiers {
  if (given === 'preset') return tierPreset
  const found = contentOf(resolve(given))
  const problem = tiersProblem(found)
  if (problem !== null) throw new Unfit(`must be preset, or a JSON file with tiers: ${problem}`)
  return found as Tiers
}

function contentOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw new Unfit('must be preset, or a JSON file that can be read')
  }
}
