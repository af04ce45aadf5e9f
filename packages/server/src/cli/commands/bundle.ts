import { parseArgs } from 'node:util'
import { exits } from '../exits.ts'
import { type Command, columns, UsageError } from '../terminal.ts'

/** `pawl bundle` */
export const bundle: Command = {
  usage: '<archive.tar.gz> [--with-node]',
  help: () => [
    'The archive runs on machines of this kind: the same platform, and the same Node.js or, packed with it, none.',
    'Prints its SHA-256 last, as sha256sum does. docs/air-gapped.md says what to do with it.',
    '',
    ...columns([['--with-node', 'Pack this Node.js as well.']]),
  ],
  run: async (args, terminal) => {
    const { path, withNode } = read(args)
    // Only here, because no other command needs to know how one packs.
    const { writeBundle } = await import('../bundle/index.ts')
    const { folder, packages, bytes, sha256, needs } = await writeBundle(path, { withNode })
    const { machine, node, abi, glibc } = needs
    const facts: [string, string][] = [
      ['Unpacks to', `${folder}: ${packages} packages, ${(bytes / 1e6).toFixed(1)} MB packed`],
      ['Runs on', `${machine}${glibc ? `, glibc ${glibc} or newer` : ''}`],
      ['With', withNode ? 'the Node.js in it' : `Node.js ${node} or newer whose ABI is ${abi}`],
    ]
    for (const line of [...columns(facts, ''), `${sha256}  ${path}`]) terminal.out(line)
    return exits.ok
  },
}

function read(args: readonly string[]): { readonly path: string; readonly withNode: boolean } {
  try {
    const options = { 'with-node': { type: 'boolean', default: false } } as const
    const { values, positionals } = parseArgs({ args: [...args], options, strict: true, allowPositionals: true })
    const [path, ...more] = positionals
    if (path === undefined || more.length > 0) throw new Error('bundle takes the name of one archive')
    return { path, withNode: values['with-node'] }
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the options make no sense'
    throw new UsageError(`${problem.split('. ')[0]}; pawl bundle --help lists the options`)
  }
}
