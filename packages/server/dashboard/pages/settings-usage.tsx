import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { creditLines, subscription } from '../asked.ts'
import {
  Answer,
  Button,
  Dialog,
  Facts,
  Form,
  Meter,
  Section,
  Table,
  TextField,
  Time,
  textIn,
} from '../components/index.ts'

const meters = [
  ['requests', 'Requests this month'],
  ['secrets', 'Secrets'],
  ['agents', 'Agents'],
  ['vaults', 'Vaults'],
  ['team_members', 'Members'],
  ['intent_transactions', 'Transactions this month'],
  ['wallets', 'Wallets'],
  ['shares', 'Shares'],
] as const

type Subscription = Awaited<ReturnType<typeof api.billing.subscription>>

/** Whether the operator has set any limit. Without one there is nothing to show. */
export function isMetered({ usage }: Subscription): boolean {
  return Object.values(usage).some(({ limit }) => hasLimit(limit))
}

/** The API says no limit with this number. */
const noLimit = 2_147_483_647

function hasLimit(limit: number): boolean {
  return limit < noLimit
}

/** What the organisation uses of what its tier allows, and what it has paid in advance. */
export function UsageSettings() {
  const asked = useQuery(subscription)
  return (
    <Answer of={asked}>
      {({ tier, status, period_end, credit_balance_usd, usage }) => (
        <div className="stack loose">
          <div className="card stack">
            <Facts
              of={[
                ['Tier', tier],
                ['Status', status],
                ['Credits', `$${credit_balance_usd}`],
                ...(period_end ? ([['Until', <Time key="end" at={period_end} />]] as const) : []),
              ]}
            />
            {meters
              .filter(([name]) => hasLimit(usage[name].limit))
              .map(([name, label]) => {
                const { used, limit } = usage[name]
                return (
                  <Meter key={name} label={label} used={used} limit={limit}>
                    {used.toLocaleString('en')} of {limit.toLocaleString('en')}
                  </Meter>
                )
              })}
          </div>
          <Credits />
        </div>
      )}
    </Answer>
  )
}

function Credits() {
  const lines = useQuery(creditLines).data ?? []
  const [open, setOpen] = useState(false)
  const topUp = async (data: FormData) => {
    const { checkout_url } = await api.billing.topUp({ amount_usd: Number(textIn(data, 'amount') ?? 0) })
    location.assign(checkout_url)
  }
  return (
    <Section title="Credits" actions={<Button onClick={() => setOpen(true)}>Top up</Button>}>
      {lines.length === 0 ? (
        <p className="quiet">Nothing was paid in advance.</p>
      ) : (
        <Table
          label="Credits"
          rows={lines}
          keyOf={({ id }) => id}
          columns={[
            { title: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
            { title: 'What', cell: ({ description, type }) => <span className="wrap">{description || type}</span> },
            { title: 'Amount', className: 'end', cell: ({ amount_usd }) => `$${amount_usd}` },
          ]}
        />
      )}
      <Dialog title="Top up" open={open} onClose={() => setOpen(false)}>
        <Form onSend={topUp} button="Go to the payment" onCancel={() => setOpen(false)}>
          <TextField name="amount" label="US dollars" type="number" min={1} required defaultValue={20} />
        </Form>
      </Dialog>
    </Section>
  )
}
