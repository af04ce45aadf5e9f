import type { ShroudPlugins } from '@pawl/core/ports'
import { badges } from './badges.ts'
import { tone } from './tone.ts'

// PAWL_SHROUD_PLUGINS names this module.

const url = process.env.TONE_URL

const plugins: ShroudPlugins = {
  detectors: [badges()],
  classifiers: url === undefined ? [] : [{ classifier: tone({ url }), timeoutMs: 1_000 }],
}

export default plugins
