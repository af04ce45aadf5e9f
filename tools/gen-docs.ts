// Writes docs/configuration.md from the table of settings; with --check nothing is written, and a committed file that
// differs is an error.
//
//   tsx -C @pawl/source tools/gen-docs.ts [--check]

import { keyStoreSettings, settings } from '@pawl/server'
import { generated } from './generated.ts'

const rows = [...Object.values(settings), ...keyStoreSettings].map(({ name, usual, summary, secret }) => {
  // A page would take <path> for a tag.
  const shown = summary.replaceAll('<', '&lt;')
  const files = secret ? ` Also read from the file named by \`${name}_FILE\`.` : ''
  return `| \`${name}\` | ${usual ? `\`${usual}\`` : ''} | ${shown}${files} |`
})

const wanted = `# Configuration

Environment variables configure a server. \`npx pawl config\` shows the value of each setting, with secrets hidden. An
unknown name that begins with \`PAWL_\` is an error, and the message suggests the nearest setting.

| setting | default | what it does |
| --- | --- | --- |
${rows.join('\n')}

## Before you run a server

- The server listens on loopback. Before you open it to a network, set \`PAWL_TLS_CERT\` and \`PAWL_TLS_KEY\`, or put a TLS
  proxy in front ([reverse-proxy.md](reverse-proxy.md)). Set \`PAWL_PUBLIC_URL\` to the URL that clients use, and
  \`PAWL_TRUSTED_PROXIES\` to the addresses of the proxy. Without \`PAWL_TRUSTED_PROXIES\`, every client appears to have the
  address of the proxy.
- [packages/server/bundle/pawl.service](../packages/server/bundle/pawl.service) is a systemd unit. It gives the server its
  passwords and PINs as credentials (\`LoadCredential\`), which no other process can read.
- The data folder and its files must belong to one user: folders 0700, files 0600. Otherwise Pawl refuses to start and shows
  the \`chmod\` command that fixes it.
- Keep a copy of the root key (or the passphrase) apart from the data folder. Without the root key, the data cannot be
  decrypted. With the root key and the folder, all of it can.
- \`npx pawl audit verify\` verifies the whole audit trail of a stopped vault. [audit.md](audit.md) shows how to export and
  prune it.
- On \`SIGTERM\` or Ctrl-C, the server finishes accepted requests and closes the storage.

## Traces

Where \`@opentelemetry/api\` is installed beside Pawl, each operation, job, scheduled task and call to the key store is a span.
Its name is the name of the operation, such as \`secrets.get\`. Its only attribute is \`pawl.outcome\`: \`ok\`, or the code of the
error. No span contains an id, a path, an address or a value. Your SDK decides where the spans go:

\`\`\`sh
npm install @opentelemetry/api @opentelemetry/sdk-node
NODE_OPTIONS='--import ./tracing.mjs' npx pawl serve
\`\`\`

In your own program, use \`createPawl({ around: spans(api), … })\` with \`spans\` from \`@pawl/server\`.
`

generated('docs/configuration.md', wanted, 'the table of settings')
