import { parseArgs } from 'node:util'
import { exits } from '../exits.ts'
import { type Command, columns, UsageError } from '../terminal.ts'

/** `pawl bundle` */
export const bundle: Command = {
  usage: '<archive.tar.gz> [--with-node]',
  help: () => [
    'The archive runs on the same platform, with the same Node.js version or with the packed Node.js.',
    'The last line of the output is the SHA-256, as sha256sum prints it. docs/air-gapped.md shows how to install it.',
    '',
    ...columns([['--with-node', 'Include this Node.js in the archive.']]),
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
    if (path === undefined || more.length > 0)
      throw new Error('bundle takes one argument: the file name of the archive')
    return { path, withNode: values['with-node'] }
  } catch (error) {
    const problem = error instanceof Error ? error.message : 'the options are not valid'
    throw new UsageError(`${problem.split('. ')[0]}. Run pawl bundle --help.`)
  }
}
