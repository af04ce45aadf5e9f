// Writes docs/configuration.md from the table of settings; with --check nothing is written, and a committed file that
// differs is an error.
//
//   tsx -C @pawl/source tools/gen-docs.ts [--check]

import { settings } from '@pawl/server'
import { generated } from './generated.ts'

const rows = Object.values(settings).map(({ name, usual, summary, secret }) => {
  const files = secret ? ` Also read from the file named by \`${name}_FILE\`.` : ''
  return `| \`${name}\` | ${usual === null ? '' : `\`${usual}\``} | ${summary}${files} |`
})

const wanted = `# Configuration

A server is configured by variables of its environment; \`npx pawl config\` shows what each is set to, secrets hidden. A
name that begins with \`PAWL_\` and is none of these is an error, and the nearest one is suggested.

| setting | unless set | what it does |
| --- | --- | --- |
${rows.join('\n')}

## From one machine to the world

- The server listens on loopback. Put a proxy with TLS in front before you open it: set \`PAWL_PUBLIC_URL\` to where clients
  reach it, and \`PAWL_TRUSTED_PROXIES\` to the addresses of the proxy, or every client looks like the proxy.
- The data folder and what is in it belong to one user: folders 0700, files 0600. Pawl refuses to start otherwise and says
  which \`chmod\` mends it.
- Keep a copy of the root key (or the passphrase) apart from the data folder. Without it, nothing can be read; with it and
  the folder, everything can.
- \`npx pawl audit verify\` checks the whole audit trail of a vault that is not running.
- \`SIGTERM\` and Ctrl-C finish what was accepted, then close the store.
`

generated('docs/configuration.md', wanted, 'the table of settings')
