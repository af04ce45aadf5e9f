import { readFileSync } from 'node:fs'
import { type Environment, list, type Setting, Unfit } from './settings.ts'

// The nodes, bundlers and paymasters of chains. Their settings have the name of the chain in them, so there can be many.

const prefixes = ['PAWL_RPC_', 'PAWL_BUNDLER_', 'PAWL_PAYMASTER_'] as const
const [rpc, bundler, paymaster] = prefixes

/** How these settings are shown in lists of settings. `<CHAIN>` stands for the name of a chain. */
export const chainSettings: readonly Omit<Setting<unknown>, 'read' | 'shown'>[] = [
  {
    name: `${rpc}<CHAIN>`,
    summary:
      'URLs of the nodes of a chain, comma-separated: PAWL_RPC_BASE_SEPOLIA is for base-sepolia. The server may call them, also on loopback. If one does not answer, the next is asked. With two or more, two must agree about a balance.',
    usual: null,
    secret: true,
  },
  {
    name: `${bundler}<CHAIN>`,
    summary:
      'URL of a bundler of a chain (ERC-4337, entry point 0.7), for smart accounts of agents. The server may call it, also on loopback.',
    usual: null,
    secret: true,
  },
  {
    name: `${paymaster}<CHAIN>`,
    summary:
      'URL of a paymaster of a chain (ERC-7677), which pays the fees of gasless transactions. It needs the bundler of the chain.',
    usual: null,
    secret: true,
  },
]

/** Whether a name is one of these settings, or names its file. */
export function isChainSetting(name: string): boolean {
  return /^PAWL_(?:RPC|BUNDLER|PAYMASTER)_[A-Z0-9]+(?:_[A-Z0-9]+)*$/.test(name)
}

/** The settings that are set of those that a name with the placeholder stands for. If there are none, this name. */
export function chainSettingsIn(placeholder: string, env: Environment): string[] {
  const prefix = placeholder.replace('<CHAIN>', '')
  const found = Object.keys(env).filter((name) => name.startsWith(prefix) && isChainSetting(name))
  return found.length > 0 ? found.map((name) => name.replace(/_FILE$/, '')) : [placeholder]
}

/** The URLs by setting. Adds a sentence to the problems for each setting that is not valid. */
export function readChains(env: Environment, problems: string[]): Readonly<Record<string, readonly string[]>> {
  const nodes: Record<string, readonly string[]> = {}
  for (const name of Object.keys(env).filter(isChainSetting)) {
    const setting = name.replace(/_FILE$/, '')
    try {
      if (nodes[setting] !== undefined) throw new Unfit('and its _FILE are both set: one of them is too many')
      const urls = urlsIn(name === setting ? (env[name] ?? '') : contentOf(env[name] ?? ''))
      if (urls.length > 1 && !setting.startsWith(rpc)) throw new Unfit('must be one URL')
      nodes[setting] = urls
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      problems.push(`${setting} ${error.message}.`)
    }
  }
  for (const setting of Object.keys(nodes).filter((one) => one.startsWith(paymaster))) {
    const needed = setting.replace(paymaster, bundler)
    if (nodes[needed] === undefined) problems.push(`${setting} needs ${needed}.`)
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
