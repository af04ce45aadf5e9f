import { readFileSync } from 'node:fs'
import { type Environment, list, type Setting, Unfit } from './settings.ts'

// The nodes of chains. Their settings have the name of the chain in them, so there can be many.

const prefix = 'PAWL_RPC_'

/** How these settings are shown in lists of settings. `<CHAIN>` stands for the name of a chain. */
export const chainSettings: readonly Omit<Setting<unknown>, 'read' | 'shown'>[] = [
  {
    name: `${prefix}<CHAIN>`,
    summary:
      'URLs of the nodes of a chain, comma-separated: PAWL_RPC_BASE_SEPOLIA is for base-sepolia. The server may call them, also on loopback. If one does not answer, the next is asked. With two or more, two must agree about a balance.',
    usual: null,
    secret: true,
  },
]

/** Whether a name is one of these settings, or names its file. */
export function isChainSetting(name: string): boolean {
  return /^PAWL_RPC_[A-Z0-9]+(?:_[A-Z0-9]+)*$/.test(name)
}

/** The settings of this kind that are set. If there are none, the name with the placeholder. */
export function chainSettingsIn(env: Environment): string[] {
  const found = Object.keys(env).filter(isChainSetting)
  return found.length > 0 ? found.map((name) => name.replace(/_FILE$/, '')) : [`${prefix}<CHAIN>`]
}

/** The URLs of nodes by setting. Adds a sentence to the problems for each setting that is not valid. */
export function readChains(env: Environment, problems: string[]): Readonly<Record<string, readonly string[]>> {
  const nodes: Record<string, readonly string[]> = {}
  for (const name of Object.keys(env).filter(isChainSetting)) {
    const setting = name.replace(/_FILE$/, '')
    try {
      if (nodes[setting] !== undefined) throw new Unfit('and its _FILE are both set: one of them is too many')
      nodes[setting] = urlsIn(name === setting ? (env[name] ?? '') : contentOf(env[name] ?? ''))
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${setting} ${error.message}.`)
    }
  }
  return nodes
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new Unfit('cannot be read from its file')
  }
}

function urlsIn(given: string): readonly string[] {
  const urls = list(given)
  const isNode = (text: string) => {
    const url = URL.canParse(text) ? new URL(text) : null
    return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.hash === ''
  }
  if (urls.length > 0 && urls.every(isNode)) return urls
  throw new Unfit('must be URLs of nodes, such as https://rpc.example.com/v2/key, without a user name')
}
