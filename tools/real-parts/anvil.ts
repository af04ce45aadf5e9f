import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:process'
import { createInterface } from 'node:readline'

// anvil is a real EVM node on loopback. It comes from npm with the development dependencies.

export interface Anvil extends AsyncDisposable {
  readonly url: string
  /** Calls one method of the node. */
  ask(method: string, ...params: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

export interface AnvilOptions {
  /** Default: 31337. */
  readonly chainId?: number
  /** Whether each transaction gets a block at once. Default: true. */
  readonly minesAtOnce?: boolean
  /** More arguments of the program. */
  readonly args?: readonly string[]
}

/** The first account of every anvil, which has 10,000 ether. */
export const richKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'

/**
 * Starts a node on a free port.
 *
 * @example
 * await using node = await startAnvil({ chainId: 8453 })
 * await node.ask('anvil_setBalance', address, '0xde0b6b3a7640000')
 */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { chainId = 31_337, minesAtOnce = true, args = [] } = options
  const mining = minesAtOnce ? [] : ['--no-mining']
  const all = ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId), ...mining, ...args]
  const child = spawn(program(), all, { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async () => {
    child.kill('SIGKILL')
    await ended
  }
  const lines = createInterface({ input: child.stdout })
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const [, address] = /Listening on (\S+)/.exec(line) ?? []
      if (address) resolve(`http://${address}`)
    })
    child.once('exit', () => reject(new Error('anvil ended before it listened')))
    child.once('error', reject)
  })
  const ask: Anvil['ask'] = async (method, ...params) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { result, error } = (await response.json()) as { result?: unknown; error?: { message: string } }
    if (error) throw new Error(`${method}: ${error.message}`)
    return result
  }
  return { url, ask, close, [Symbol.asyncDispose]: close }
}

/** Its binary, which another package brings for each platform. */
function program(): string {
  const machine = arch === 'x64' ? 'amd64' : arch
  const system = platform === 'win32' ? 'win32' : platform
  const require = createRequire(createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json'))
  const name = `@foundry-rs/anvil-${system}-${machine}`
  return require.resolve(`${name}/bin/anvil${platform === 'win32' ? '.exe' : ''}`)
}
