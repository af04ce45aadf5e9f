import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { programAt } from '../../../../tools/real-parts/index.ts'

export interface Server {
  /** Runs another command beside it, and fails when that does. */
  run(...command: readonly string[]): Promise<void>
  /** Asks it to end; fails when it does not end well. */
  stop(): Promise<void>
}

export interface Wanted {
  /** What the first argument of the command line is. */
  readonly program: string
  /** A folder for its data, for the clock that it believes, and for the calls to the kernel that it made. */
  readonly folder: string
  readonly password: string
  /** The only programs it finds. */
  readonly path: string
  readonly faketime: string
}

/** What goes before a command so that a file tells of every call to the kernel that could send something. */
export function tracing(file: string, ...more: readonly string[]): string[] {
  const manner = ['-D', '-f', '-q', '--seccomp-bpf', '-A', '-o', file, '-e', 'trace=connect,/^send']
  return [programAt('strace') ?? '', ...manner, ...more]
}

/** A server that nobody in particular runs, with nothing in its environment but what it was told, and no home. */
export async function startServer({ program, folder, password, path, faketime }: Wanted): Promise<Server> {
  const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups']
  // Read at every look at the clock, so that it is turned at once. Not the clock that only counts: libfaketime is not safe
  // for threads and now and then shows one of them another time, by which Node would end a connection as too old.
  const turned = ['FAKETIME_NO_CACHE=1', 'FAKETIME_DONT_FAKE_MONOTONIC=1']
  const clock = [`LD_PRELOAD=${faketime}`, `FAKETIME_TIMESTAMP_FILE=${folder}/clock`, ...turned]
  const traced = tracing(`${folder}/calls`, ...clock.flatMap((variable) => ['-E', variable]))
  const args = [...asNobody, ...traced, program]
  const settings = {
    PAWL_DATA_DIR: `${folder}/data`,
    PAWL_OWNER_PASSWORD: password,
    PAWL_PUBLIC_URL: 'https://vault.example.com',
    PAWL_METRICS: 'on',
    PAWL_LOG_LEVEL: 'info',
  }
  const begin = (...command: readonly string[]) =>
    spawn(programAt('setpriv') ?? '', [...args, ...command], { env: { PATH: path, ...settings } })
  const child = begin('serve')
  process.on('exit', () => child.kill('SIGKILL'))
  let said = ''
  const ended = new Promise<number | null>((done) => child.once('close', done))
  const serves = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk
        if (said.includes('Stop with Ctrl-C.')) done()
      })
    }
  })
  const fail = (status: number | null) => Promise.reject(new Error(`the server ended with ${status}:\n${said}`))
  await Promise.race([serves, ended.then(fail)])
  return {
    run: async (...command) => {
      const [status] = await once(begin(...command), 'exit')
      if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`)
    },
    stop: async () => {
      child.kill('SIGTERM')
      const status = await ended
      if (status !== 0) await fail(status)
    },
  }
}
