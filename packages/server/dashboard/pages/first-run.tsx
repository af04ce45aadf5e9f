import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, serverUrl } from '../api.ts'
import {
  Button,
  ButtonLink,
  DiscardQuestion,
  dropEdits,
  Form,
  Icon,
  isUnsaved,
  ShownOnce,
  Snippets,
  TextField,
  textIn,
} from '../components/index.ts'
import { makeAgent, readsIn } from './make-agent.ts'

interface Named {
  readonly id: string
  readonly name: string
}

interface FirstRunProps {
  readonly vault: Named | null
  readonly secrets: readonly { readonly path: string }[]
  readonly agent: Named | null
  readonly onDone: () => void
}

/** The steps from an empty server to an agent that reads a secret. Each shows its result and the next one. */
export function FirstRun({ vault, secrets, agent, onDone }: FirstRunProps) {
  const [key, setKey] = useState<string | null>(null)
  const secret = secrets[0] ?? null
  const done = [vault !== null, secret !== null, agent !== null]
  const next = done.indexOf(false)
  return (
    <ol className="steps" data-focus="">
      <Step at={0} next={next} title={vault ? `Vault ${vault.name}` : 'Create a vault'}>
        {!vault && <NewVault />}
      </Step>
      <Step at={1} next={next} title={secret ? `Secret ${secret.path}` : 'Store a secret'}>
        {vault && !secret && <NewSecret vault={vault} />}
      </Step>
      <Step at={2} next={next} title={agent ? `Agent ${agent.name}` : 'Create an agent that may read it'}>
        {vault && secret && !agent && <NewAgent vault={vault} path={secret.path} onKey={setKey} />}
      </Step>
      {vault && secret && agent && <Use vault={vault} path={secret.path} agentKey={key} onDone={onDone} />}
    </ol>
  )
}

function Step({
  at,
  next,
  title,
  children,
}: {
  readonly at: number
  readonly next: number
  readonly title: string
  readonly children: React.ReactNode
}) {
  const isDone = next === -1 || at < next
  return (
    <li className={`card step ${isDone ? 'done' : at === next ? 'next' : ''}`}>
      <span className="step-sign">
        {isDone ? <Icon name="check" /> : at + 1}
        <span className="unseen">{isDone ? 'Done:' : at === next ? 'Now:' : 'Later:'}</span>
      </span>
      <div className="stack">
        <h2>{title}</h2>
        {children}
      </div>
    </li>
  )
}

function NewVault() {
  const cache = useQueryClient()
  const send = async (data: FormData) => {
    await api.vaults.create({ name: textIn(data, 'name') ?? '' })
    await cache.invalidateQueries({ queryKey: ['vaults'] })
  }
  return (
    <Form onSend={send} button="Create the vault">
      <TextField
        name="name"
        label="Name"
        defaultValue="production"
        required
        hint="A vault holds secrets that belong together, under one key of their own."
      />
    </Form>
  )
}

function NewSecret({ vault }: { readonly vault: Named }) {
  const cache = useQueryClient()
  const send = async (data: FormData) => {
    const value = data.get('value')
    await api.secrets.put({ vault_id: vault.id, path: textIn(data, 'path') ?? '', value: String(value ?? '') })
    await cache.invalidateQueries({ queryKey: ['secrets', vault.id] })
  }
  return (
    <Form onSend={send} button="Store the secret">
      <div className="form-row">
        <TextField name="path" label="Path" defaultValue="api-keys/openai" required mono hint="Slashes make folders." />
        <TextField name="value" label="Value" type="password" autoComplete="off" required mono />
      </div>
    </Form>
  )
}

interface NewAgentProps {
  readonly vault: Named
  readonly path: string
  readonly onKey: (key: string) => void
}

function NewAgent({ vault, path, onKey }: NewAgentProps) {
  const cache = useQueryClient()
  const send = async (data: FormData) => {
    const fields = { name: textIn(data, 'name') ?? '', vault_ids: [vault.id] }
    const made = await makeAgent(fields, readsIn(vault.id, textIn(data, 'secret_path_pattern')))
    onKey(made.api_key?.reveal() ?? '')
    await cache.invalidateQueries({ queryKey: ['agents'] })
  }
  return (
    <Form onSend={send} button="Create the agent">
      <div className="form-row">
        <TextField name="name" label="Name" defaultValue="my-agent" required />
        <TextField
          name="secret_path_pattern"
          label="What it may read"
          defaultValue={path.includes('/') ? `${path.split('/')[0]}/**` : path}
          required
          mono
          hint="* is one segment, ** any number."
        />
      </div>
    </Form>
  )
}

interface UseProps {
  readonly vault: Named
  readonly path: string
  readonly agentKey: string | null
  readonly onDone: () => void
}

/** What to paste where the agent runs. */
function Use({ vault, path, agentKey, onDone }: UseProps) {
  return (
    <li className="card stack">
      <h2>Use it</h2>
      {agentKey === null ? (
        <p className="quiet">The key of the agent was shown when it was made. A new one is on the page of the agent.</p>
      ) : (
        <>
          <p className="quiet">This is the key of the agent.</p>
          <ShownOnce value={agentKey} what="Key" />
        </>
      )}
      <Snippets of={snippetsOf({ vaultId: vault.id, path, key: agentKey ?? 'ocv_…' })} />
      <div className="row">
        <ButtonLink to="/vaults/$vaultId" params={{ vaultId: vault.id }} look="primary">
          Open the vault
        </ButtonLink>
        <HomeButton onLeave={onDone} />
      </div>
    </li>
  )
}

/** Shows the overview in place of the steps. The address stays, so no link asks about the key. */
function HomeButton({ onLeave }: { readonly onLeave: () => void }) {
  const [isAsking, ask] = useState(false)
  const leave = () => {
    dropEdits(document)
    onLeave()
  }
  return (
    <>
      <Button look="quiet" onClick={() => (isUnsaved(document) ? ask(true) : leave())}>
        Home
      </Button>
      <DiscardQuestion open={isAsking} onKeep={() => ask(false)} onDiscard={leave} />
    </>
  )
}

interface Wanted {
  readonly vaultId: string
  readonly path: string
  readonly key: string
}

/** How programs read one secret with the key of an agent. */
export function snippetsOf({ vaultId, path, key }: Wanted): readonly (readonly [name: string, text: string])[] {
  const curl = [
    `TOKEN=$(curl -s ${serverUrl}/v1/auth/agent-token --json '{"api_key":"${key}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `curl -s ${serverUrl}/v1/vaults/${vaultId}/secrets/${path} -H "Authorization: Bearer $TOKEN"`,
  ]
  const sdk = [
    `import { createClient } from '@pawl/core/client'`,
    '',
    `const pawl = createClient({ url: '${serverUrl}', apiKey: process.env.PAWL_API_KEY })`,
    `const { value } = await pawl.secrets.get({ vault_id: '${vaultId}', path: '${path}' })`,
    'value.reveal()',
  ]
  const shell = [`export PAWL_URL=${serverUrl} PAWL_API_KEY=${key}`, `npx -y @pawl/server secret get ${path}`]
  const mcp = {
    mcpServers: { pawl: { type: 'http', url: `${serverUrl}/mcp`, headers: { Authorization: `Bearer ${key}` } } },
  }
  return [
    ['curl', curl.join('\n')],
    ['TypeScript', sdk.join('\n')],
    ['Shell', shell.join('\n')],
    ['MCP client', JSON.stringify(mcp, null, 2)],
  ]
}
