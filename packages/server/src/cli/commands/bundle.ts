import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { progress, sizeOf } from '../progress.ts'
import { columns } from '../terminal.ts'

/** `pawl bundle` */
export const bundle = command({
  positionals: ['<archive.tar.gz>'],
  flags: [{ flag: 'with-node', takes: 'nothing', about: 'Include this Node.js in the archive.' }],
  example: 'pawl.tar.gz',
  help: () => [
    'The archive runs on the same platform, with the same Node.js version or with the packed Node.js.',
    'The last line of the output is the SHA-256, as sha256sum prints it. docs/air-gapped.md shows how to install it.',
  ],
  run: async ({ flags, positionals: [path = ''] }, terminal) => {
    const withNode = flags.has('with-node')
    // Loaded only here, because no other command packs bundles.
    const { writeBundle } = await import('../bundle/index.ts')
    const { show, end } = progress(terminal)
    show('reading the packages')
    const packed = (done: number) => show(`${sizeOf(done)} packed`)
    const { folder, packages, bytes, sha256, needs } = await writeBundle(path, { withNode, packed }).finally(end)
    const { machine, node, abi, glibc } = needs
    const facts: [string, string][] = [
      ['Unpacks to', `${folder}: ${packages} packages, ${(bytes / 1e6).toFixed(1)} MB packed`],
      ['Runs on', `${machine}${glibc ? `, glibc ${glibc} or newer` : ''}`],
      ['With', withNode ? 'the Node.js in it' : `Node.js ${node} or newer whose ABI is ${abi}`],
    ]
    for (const line of [...columns(facts, ''), `${sha256}  ${path}`]) terminal.out(line)
    return exits.ok
  },
})
