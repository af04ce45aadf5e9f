import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api, problemOf } from '../api.ts'
import { chains, treasuries, wallets } from '../asked.ts'
import {
  Button,
  ChoiceField,
  Confirm,
  CopyButton,
  Dialog,
  Form,
  List,
  Page,
  ProofFields,
  proofFrom,
  State,
  say,
  Tabs,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

const tabs = [
  ['treasuries', 'Treasuries'],
  ['wallets', 'Your wallets'],
] as const

/** Money that several people decide about, and the wallets of this person. */
export function TreasuryPage() {
  const { tab = 'treasuries' } = useSearch({ from: '/treasury' })
  const navigate = useNavigate({ from: '/treasury' })
  return (
    <Page title="Treasury" lead="Contracts whose owners decide together, and wallets of your own.">
      <Tabs
        label="Treasury"
        tabs={tabs}
        chosen={tab}
        onChoose={(next) => void navigate({ search: next === 'treasuries' ? {} : { tab: next }, replace: true })}
      >
        {tab === 'treasuries' ? <Treasuries /> : <Wallets />}
      </Tabs>
    </Page>
  )
}

function Treasuries() {
  const cache = useQueryClient()
  const known = useQuery(chains).data?.filter(({ chain_id }) => chain_id > 0) ?? []
  const [open, setOpen] = useState(false)
  const create = async (data: FormData) => {
    await api.treasury.create({
      ...{ name: textIn(data, 'name') ?? '', safe_address: textIn(data, 'safe_address') ?? '' },
      ...{ chain: textIn(data, 'chain'), threshold: Number(textIn(data, 'threshold') ?? 1) },
    })
    setOpen(false)
    await cache.invalidateQueries({ queryKey: ['treasury'] })
  }
  return (
    <List
      label="Treasuries"
      of={useQuery(treasuries)}
      keyOf={({ id }) => id}
      empty={{
        icon: 'vault',
        title: 'No treasury yet',
        text: 'A treasury is a Safe that exists on a chain. Pawl keeps its proposals, checks the signatures of its owners, and sends what enough of them approve.',
      }}
      creating={{
        ...{ title: 'New treasury', open, onOpen: setOpen },
        form: (
          <Form onSend={create} button="Add the treasury" onCancel={() => setOpen(false)}>
            <TextField name="name" label="Name" required placeholder="Team treasury" />
            <TextField name="safe_address" label="Address of the Safe" mono required placeholder="0x…" />
            <div className="form-row">
              <ChoiceField
                name="chain"
                label="Chain"
                choices={known.map(({ name, display_name }) => [name, display_name] as const)}
              />
              <TextField
                name="threshold"
                label="Approvals needed"
                type="number"
                min={1}
                defaultValue={2}
                hint="As the contract says."
              />
            </div>
          </Form>
        ),
      }}
      columns={[
        {
          title: 'Name',
          cell: ({ id, name }) => (
            <Link to="/treasury/$treasuryId" params={{ treasuryId: id }} className="row-link wrap">
              {name}
            </Link>
          ),
        },
        { title: 'Address', cell: ({ safe_address }) => <code className="wrap">{safe_address}</code> },
        { title: 'Chain', cell: ({ chain }) => chain },
        { title: 'Approvals', cell: ({ threshold, signers }) => `${threshold} of ${signers.length}` },
      ]}
    />
  )
}

const families = [
  ['ethereum', 'Ethereum and every EVM chain'],
  ['bitcoin', 'Bitcoin'],
  ['solana', 'Solana'],
  ['xrp', 'XRP Ledger'],
  ['cardano', 'Cardano'],
  ['tron', 'Tron'],
] as const

type Family = (typeof families)[number][0]

function Wallets() {
  const cache = useQueryClient()
  const [open, setOpen] = useState(false)
  const [paying, pay] = useState<Family | null>(null)
  const [retired, retire] = useState<Family | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['wallets'] })
  const create = async (data: FormData) => {
    await api.wallets.generate({ chains: [textIn(data, 'chain') as Family] })
    setOpen(false)
    await refresh()
  }
  const balance = async (chain: string) => {
    await api.wallets.balance({ chain }).then(
      ({ native }) => say(`${native.balance_display} ${native.symbol}`),
      (error) => say(problemOf(error).text),
    )
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
                  <Button look="quiet" onClick={() => void balance(chain)}>
                    Balance
                  </Button>
                  <Button look="quiet" onClick={() => pay(chain)}>
                    Pay
                  </Button>
                  <Button look="quiet" onClick={() => retire(chain)}>
                    Retire
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Dialog title="Pay" open={paying !== null} onClose={() => pay(null)}>
        {paying && <Payment family={paying} onClose={() => pay(null)} />}
      </Dialog>
      <Confirm
        title="Retire the wallet"
        open={retired !== null}
        onClose={() => retire(null)}
        button="Retire it"
        onConfirm={async () => {
          await api.wallets.deactivate({ chain: retired ?? '' })
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
