import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { signingKeys } from '../asked.ts'
import { Button, ChoiceField, Confirm, Dialog, Form, List, State, say, textIn } from '../components/index.ts'
import { Address, ChainName, ExportKey, type Family, families } from './chain-keys.tsx'

/** The keys with which an agent signs. The agent never sees them. */
export function AgentKeys({ agentId }: { readonly agentId: string }) {
  const cache = useQueryClient()
  const [open, setOpen] = useState<
    'new' | { readonly act: 'rotate' | 'stop' | 'export'; readonly chain: Family } | null
  >(null)
  const close = () => setOpen(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['agents', agentId] })
  const create = async (data: FormData) => {
    const chain = textIn(data, 'chain') as Family
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
              <ChoiceField name="chain" label="Chain" choices={families} />
            </Form>
          ),
        }}
        columns={[
          { title: 'Chain', cell: ({ chain }) => <ChainName of={chain} /> },
          {
            title: 'Address',
            cell: ({ address }) => <Address of={address} />,
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
        {on?.act === 'export' && (
          <ExportKey
            purpose="signing_key.export"
            reveal={async (auth_confirm) => (await api.signers.export({ ...named, auth_confirm })).private_key.reveal()}
            onClose={close}
          >
            Who has the private key can move everything at its address, past every limit. The export is in the trail.
          </ExportKey>
        )}
      </Dialog>
    </>
  )
}
