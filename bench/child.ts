import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Another process, so that what is measured and what measures do not share a thread. It says one line of JSON, and one to every question. */
export interface Child {
  readonly said: Record<string, unknown>
  readonly pid: number
  /** Sends a line, and answers the next one that the child says. */
  ask(line: string): Promise<Record<string, unknown>>
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill()
})

/** As `npm start` and the server set them, and as docs/performance.md recommends to operators and embedders. */
const flags = ['--no-allocation-site-pretenuring', '--max-semi-space-size=32']

export async function start(file: string, ...args: string[]): Promise<Child> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, [...flags, '--import', 'tsx', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const lines = createInterface({ input: child.stdout })
  const next = async () => JSON.parse(await nextLine(child, lines)) as Record<string, unknown>
  return {
    said: await next(),
    pid: child.pid ?? 0,
    ask: (line) => {
      child.stdin.write(`${line}\n`)
      return next()
    },
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGTERM')
      }),
  }
}

function nextLine(child: ChildProcess, lines: Interface): Promise<string> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a child ended with ${code} before it said anything`))
    child.once('exit', ended)
    lines.once('line', (line) => {
      child.off('exit', ended)
      resolve(line)
    })
  })
}

/** Says a line. */
export function say(line: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
