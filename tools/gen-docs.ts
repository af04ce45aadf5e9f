// Writes docs/configuration.md from the table of settings and docs/access.md from the operations; with --check nothing is written, and a committed file that
// differs is an error.
//
//   tsx -C @pawl/source tools/gen-docs.ts [--check]

import { type AnyOperation, registry } from '@pawl/core'
import { type Limit, type Quota, quotas, type Rate, rates } from '@pawl/core/area'
import { operationsOf, scopeOf } from '@pawl/core/surfaces'
import { chainSettings, keyStoreSettings, modelSetting, settings } from '@pawl/server'
import { generated } from './generated.ts'

const rows = [...Object.values(settings), ...keyStoreSettings, ...chainSettings, modelSetting].map(
  ({ name, usual, summary, secret }) => {
    // A page would take <path> for a tag.
    const shown = summary.replaceAll('<', '&lt;')
    const files = secret ? ` Also read from the file named by \`${name}_FILE\`.` : ''
    return `| \`${name}\` | ${usual ? `\`${usual}\`` : ''} | ${shown}${files} |`
  },
)

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

const access = `# Who may call what

This table follows from the operations. A server with areas of plugins has more of them.

${table(['operation', 'route', 'who may call', 'scope of a personal API key', 'rate limits'], operationsOf(registry).map(rowOf))}

## Scopes

| credential | scopes |
| --- | --- |
| personal API key (\`1ck_…\`) | The scopes of the table, chosen when the key is created. Without scopes, the key may do all that its user may do. \`secrets:*\` has all scopes of an area, and \`*\` has all scopes. |
| token for a personal API key | The scopes of the key. The engine reads the key for each request, so a revoked key ends its tokens. |
| token of a sign-in | None. The role and the policies of the user decide. |
| API key of an agent (\`ocv_…\`) and its tokens | Path patterns, such as \`db/**\`: the \`scopes\` of the agent. They only narrow what its policies allow. |

A scope never adds a permission. The role, the policies and the IP rules apply as well.

## Rate limits

A call over a limit gets status 429 with \`Retry-After\`. \`PAWL_RATE_LIMITS=off\` turns off all of these limits. The limits of a
binding are guardrails and stay on.

${table(
  ['limit', 'number', 'counted by'],
  [
    ['all requests of an IP address', rateText(rates.requests), 'each server'],
    ['address', `${rateText(rates.signIn)}: all calls of the IP address count`, 'each server'],
    ['credential', `${rateText(rates.failures)}: only failures of the IP address count`, 'each server'],
    ...Object.values(quotas).map(({ name, windows }: Quota) => [
      name,
      windows.map(windowText).join(', '),
      'the storage',
    ]),
  ],
)}
`

generated('docs/access.md', access, 'the operations')

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function rowOf(operation: AnyOperation): string[] {
  const { name, http, access, anyScope, limits = [] } = operation
  const route = http ? `\`${http.method} ${http.path}\`` : 'only in-process'
  const scope = access === 'public' ? '' : anyScope ? 'none needed' : `\`${scopeOf(operation)}\``
  return [`\`${name}\``, route, callersOf(access), scope, limits.map(limitText).join(', ')]
}

function callersOf(access: AnyOperation['access']): string {
  if (access === 'public') return 'all callers, without a credential'
  const kinds = access.signedIn ?? ['user', 'agent']
  if ('admin' in access && access.admin) return 'owners and admins'
  const who = kinds.map((kind) => `${kind}s`).join(', ')
  return 'permission' in access ? `${who} with the permission \`${access.permission}\`` : who
}

function limitText(limit: Limit<unknown>): string {
  return 'quota' in limit ? `${limit.quota.name} per ${limit.per === 'org' ? 'organisation' : limit.per}` : limit.per
}

function rateText({ burst, perSecond }: Rate): string {
  return `${burst} at once, ${perSecond} per second`
}

function windowText({ max, periodMs }: Quota['windows'][number]): string {
  const [unit, ms] = [['hour', 3_600_000] as const, ['minute', 60_000] as const].find(
    ([, one]) => periodMs % one === 0,
  ) ?? ['second', 1_000]
  const count = periodMs / ms
  return `${max} in ${count} ${unit}${count === 1 ? '' : 's'}`
}
