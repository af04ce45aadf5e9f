import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { chains, treasuries } from '../asked.ts'
import { ChoiceField, Form, List, Page, TextField, textIn } from '../components/index.ts'
import { ChainName } from './chain-keys.tsx'
import { PageTabs } from './page-tabs.tsx'
import { Wallets } from './wallets.tsx'

const tabs = [
  ['treasuries', 'Treasuries'],
  ['wallets', 'Your wallets'],
] as const

/** Money that several people decide about, and the wallets of this person. */
export function TreasuryPage() {
  const { tab = 'treasuries' } = useSearch({ from: '/treasury' })
  return (
    <Page title="Treasury" lead="Contracts whose owners decide together, and wallets of your own.">
      <PageTabs label="Treasury" tabs={tabs} chosen={tab}>
        {tab === 'treasuries' ? <Treasuries /> : <Wallets />}
      </PageTabs>
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
        { title: 'Chain', cell: ({ chain }) => <ChainName of={chain} /> },
        { title: 'Approvals', cell: ({ threshold, signers }) => `${threshold} of ${signers.length}` },
      ]}
    />
  )
}
