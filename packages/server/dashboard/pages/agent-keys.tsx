import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { signingKeys } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  CopyButton,
  Dialog,
  Form,
  List,
  ProofFields,
  proofFrom,
  ShownOnce,
  State,
  say,
  textIn,
} from '../components/index.ts'

const chains = [
  ['ethereum', 'Ethereum and every EVM chain'],
  ['bitcoin', 'Bitcoin'],
  ['solana', 'Solana'],
  ['xrp', 'XRP Ledger'],
  ['cardano', 'Cardano'],
  ['tron', 'Tron'],
] as const

type Chain = (typeof chains)[number][0]

/** The keys with which an agent signs. The agent never sees them. */
export function AgentKeys({ agentId }: { readonly agentId: string }) {
  const cache = useQueryClient()
  const [open, setOpen] = useState<
    'new' | { readonly act: 'rotate' | 'stop' | 'export'; readonly chain: Chain } | null
  >(null)
  const close = () => setOpen(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents', agentId] })
  const create = async (data: FormData) => {
    const chain = textIn(data, 'chain') as Chain
    const { address } = await api.signers.create({ agent_id: agentId, chain })
    say(`The agent has the address ${address}`)
    close()
    await refresh()
  }
  const on = open === 'new' ? null : open
  const named = { agent_id: agentId, chain: on?.chain ?? 'ethereum' }
  return (
    <>
      <List
        label="Signing keys"
        of={useQuery(signingKeys(agentId))}
        keyOf={({ id }) => id}
        empty={{
          icon: 'key',
          title: 'No signing key yet',
          text: 'With a signing key the agent pays and signs within its limits. The key stays in the vault, and the agent gets only signatures.',
        }}
        creating={{
          ...{ title: 'New signing key', open: open === 'new', onOpen: (is) => setOpen(is ? 'new' : null) },
          form: (
            <Form onSend={create} button="Create the key" onCancel={close}>
              <ChoiceField name="chain" label="Chain" choices={chains} />
            </Form>
          ),
        }}
        columns={[
          { title: 'Chain', cell: ({ chain }) => chain },
          {
            title: 'Address',
            cell: ({ address }) => (
              <span className="row nowrap">
                <code className="wrap">{address}</code>
                <CopyButton text={address} what="Address" />
              </span>
            ),
          },
          { title: 'Version', cell: ({ key_version }) => key_version },
          {
            title: 'State',
            cell: ({ is_active, custody }) => (
              <span className="row">
                {is_active ? <State tone="good">signs</State> : <State tone="plain">retired</State>}
                {custody === 'hsm' && <State tone="plain">HSM</State>}
              </span>
            ),
          },
          {
            title: '',
            className: 'end',
            cell: ({ chain, is_active, custody }) =>
              is_active && (
                <>
                  <Button look="quiet" onClick={() => setOpen({ act: 'rotate', chain })}>
                    Replace
                  </Button>
                  {custody === 'vault' && (
                    <Button look="quiet" onClick={() => setOpen({ act: 'export', chain })}>
                      Export
                    </Button>
                  )}
                  <Button look="quiet" onClick={() => setOpen({ act: 'stop', chain })}>
                    Retire
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Confirm
        title="Replace the key"
        open={on?.act === 'rotate'}
        onClose={close}
        button="Replace it"
        onConfirm={async () => {
          await api.signers.rotate(named)
          await refresh()
        }}
      >
        <p>The new key has another address. What is at the old address stays there, and the old key still exists.</p>
      </Confirm>
      <Confirm
        title="Retire the key"
        open={on?.act === 'stop'}
        onClose={close}
        button="Retire it"
        onConfirm={async () => {
          await api.signers.deactivate(named)
          await refresh()
        }}
      >
        <p>The agent signs with it no longer. Pawl keeps the private key, because there can be funds at its address.</p>
      </Confirm>
      <Dialog title="Export the private key" open={on?.act === 'export'} onClose={close}>
        {on?.act === 'export' && <Export agentId={agentId} chain={on.chain} onClose={close} />}
      </Dialog>
    </>
  )
}

function Export({ agentId, chain, onClose }: { readonly agentId: string; readonly chain: Chain; onClose: () => void }) {
  const [key, setKey] = useState<string | null>(null)
  const send = async (data: FormData) => {
    const auth_confirm = await proofFrom(data, 'signing_key.export')
    setKey((await api.signers.export({ agent_id: agentId, chain, auth_confirm })).private_key.reveal())
  }
  if (key !== null) return <ShownOnce value={key} what="Private key" />
  return (
    <Form onSend={send} button="Show the key" look="danger" onCancel={onClose}>
      <p>Who has the private key can move everything at its address, past every limit. The export is in the trail.</p>
      <ProofFields purpose="signing_key.export" />
    </Form>
  )
}
