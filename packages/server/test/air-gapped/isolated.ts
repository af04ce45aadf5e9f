import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { programAt } from '../../../../tools/real-parts/index.ts'

const ip = programAt('ip') ?? ''
const run = promisify(execFile)

/** A machine of its own as far as networks go: it has a way out, and nobody is there. Whatever leaves it is counted. */
export interface Isolated extends AsyncDisposable {
  /** Starts a program in it, as root. */
  spawn(command: readonly string[], env: NodeJS.ProcessEnv): ChildProcess
  /** Packets that have left. */
  packets(): Promise<number>
  /** Resolves when no program runs in it any more. */
  quiet(): Promise<void>
}

// The addresses are those that RFC 5737 and RFC 3849 keep for examples. The next hop needs no asking for, so that not even
// that is among the packets, and the interface has no address of its own that the kernel would announce.
const setup = `
link set lo up
link add out type veth peer name far
link set out addrgenmode none
link set far addrgenmode none
link set far up
link set out up
addr add 192.0.2.2/24 dev out
addr add 2001:db8::2/128 dev lo
neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev out
neigh add fe80::1 lladdr 02:00:00:00:00:01 dev out
route add default via 192.0.2.1
route add default via inet6 fe80::1 dev out
`

export async function isolated(): Promise<Isolated> {
  const name = `pawl-${process.pid}`
  const names = `/etc/netns/${name}`
  await mkdir(names, { recursive: true })
  // Names are asked for out there, too.
  await writeFile(`${names}/resolv.conf`, 'nameserver 192.0.2.53\noptions timeout:1 attempts:1\n')
  await run(ip, ['netns', 'add', name])
  for (const line of setup.trim().split('\n')) await run(ip, ['-n', name, ...line.split(' ')])
  const within = ['netns', 'exec', name]
  return {
    spawn: ([program = '', ...args], env) =>
      spawn(ip, [...within, program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] }),
    packets: async () => {
      const { stdout } = await run(ip, [...within, 'cat', '/sys/class/net/far/statistics/rx_packets'])
      return Number(stdout)
    },
    quiet: async () => {
      while ((await run(ip, ['netns', 'pids', name])).stdout !== '') await setTimeout(20)
    },
    [Symbol.asyncDispose]: async () => {
      await run(ip, ['netns', 'delete', name])
      await rm(names, { recursive: true })
      // Somebody else may have names in there.
      await rmdir('/etc/netns').catch(() => {})
    },
  }
}
