import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { chains, wallets } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  Dialog,
  Form,
  List,
  ProofFields,
  proofFrom,
  State,
  say,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'
import { Address, ChainName, ExportKey, type Family, families } from './chain-keys.tsx'

/** The wallets of this user. No agent signs with them. */
export function Wallets() {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [on, act] = useState<{ readonly what: 'pay' | 'swap' | 'export' | 'retire'; readonly chain: Family } | null>(
    null,
  )
  const done = () => act(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['wallets'] })
  const create = async (data: FormData) => {
    await api.wallets.generate({ chains: [textIn(data, 'chain') as Family] })
    setOpen(false)
    await refresh()
  }
  const balance = async (chain: string) => {
    const { native } = await api.wallets.balance({ chain })
    say(`${native.balance_display} ${native.symbol}`)
  }
  return (
    <>
      <List
        label="Wallets"
        of={useQuery(wallets)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'key',
          title: 'No wallet yet',
          text: 'A wallet is yours, and no agent signs with it. Each payment asks again for your proof.',
        }}
        creating={{
          ...{ title: 'New wallet', open, onOpen: setOpen },
          form: (
            <Form onSend={create} button="Create the wallet" onCancel={() => setOpen(false)}>
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
          {
            title: 'State',
            cell: ({ is_active }) =>
              is_active ? <State tone="good">active</State> : <State tone="plain">retired</State>,
          },
          { title: 'Created', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: ({ chain, is_active }) =>
              is_active && (
                <>
                  <Button look="quiet" act={() => balance(chain)}>
                    Balance
                  </Button>
                  <Button look="quiet" onClick={() => act({ what: 'pay', chain })}>
                    Pay
                  </Button>
                  {chain === 'ethereum' && (
                    <Button look="quiet" onClick={() => act({ what: 'swap', chain })}>
                      Swap
                    </Button>
                  )}
                  <Button look="quiet" onClick={() => act({ what: 'export', chain })}>
                    Export
                  </Button>
                  <Button look="quiet" onClick={() => act({ what: 'retire', chain })}>
                    Retire
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Dialog title="Pay" open={on?.what === 'pay'} onClose={done}>
        {on && <Payment family={on.chain} onClose={done} />}
      </Dialog>
      <Dialog title="Swap" open={on?.what === 'swap'} onClose={done}>
        <Swap onClose={done} />
      </Dialog>
      <Dialog title="Export the private key" open={on?.what === 'export'} onClose={done}>
        {on && (
          <ExportKey
            purpose="treasury_wallet.export"
            reveal={async (auth_confirm) =>
              (await api.wallets.export({ chain: on.chain, auth_confirm })).private_key_hex.reveal()
            }
            onClose={done}
          >
            Who has the private key can move everything at its address. The export is in the audit trail.
          </ExportKey>
        )}
      </Dialog>
      <Confirm
        title="Retire the wallet"
        open={on?.what === 'retire'}
        onClose={done}
        button="Retire it"
        onConfirm={async () => {
          await api.wallets.deactivate({ chain: on?.chain ?? '' })
          await refresh()
        }}
      >
        <p>It pays no longer. Pawl keeps its key, because there can be funds at its address.</p>
      </Confirm>
    </>
  )
}

function Payment({ family, onClose }: { readonly family: Family; readonly onClose: () => void }) {
  const known = useQuery(chains).data ?? []
  const usable = known.filter(({ name, chain_id }) => (family === 'ethereum' ? chain_id > 0 : name === family))
  const send = async (data: FormData) => {
    const sent = await api.wallets.send({
      ...{ chain: textIn(data, 'chain') ?? family, to: textIn(data, 'to'), amount: textIn(data, 'amount') },
      auth_confirm: await proofFrom(data, 'treasury_wallet.send'),
    })
    say(sent.error_message ?? `The payment is ${sent.status}`)
    onClose()
  }
  return (
    <Form onSend={send} button="Pay" onCancel={onClose}>
      <ChoiceField
        name="chain"
        label="Chain"
        choices={usable.map(({ name, display_name }) => [name, display_name] as const)}
      />
      <TextField name="to" label="Recipient" mono required />
      <TextField name="amount" label="Amount" inputMode="decimal" required hint="In the currency of the chain." />
      <ProofFields purpose="treasury_wallet.send" />
    </Form>
  )
}

/** Exchanges tokens of one chain, at the service that the server is set up with. */
function Swap({ onClose }: { readonly onClose: () => void }) {
  const known = useQuery(chains).data?.filter(({ chain_id }) => chain_id > 0) ?? []
  const send = async (data: FormData) => {
    const text = (name: string) => textIn(data, name) ?? ''
    const { status, buy_amount } = await api.wallets.swap({
      ...{ chain: text('chain'), sell_token: text('sell_token'), buy_token: text('buy_token') },
      ...{ sell_amount: text('sell_amount'), slippage_percentage: textIn(data, 'slippage_percentage') },
      auth_confirm: await proofFrom(data, 'treasury_wallet.swap'),
    })
    say(`The swap is ${status}. It buys ${buy_amount} of the smallest unit.`)
    onClose()
  }
  return (
    <Form onSend={send} button="Swap" onCancel={onClose}>
      <ChoiceField
        name="chain"
        label="Chain"
        choices={known.map(({ name, display_name }) => [name, display_name] as const)}
      />
      <TextField name="sell_token" label="Sell" mono required hint="Address of the token, or native." />
      <TextField name="buy_token" label="Buy" mono required hint="Address of the token, or native." />
      <div className="form-row">
        <TextField name="sell_amount" label="Amount to sell" inputMode="decimal" required />
        <TextField
          name="slippage_percentage"
          label="Slippage in percent"
          inputMode="decimal"
          hint="Most that the price may change. Default: 1."
        />
      </div>
      <ProofFields purpose="treasury_wallet.swap" />
    </Form>
  )
}
