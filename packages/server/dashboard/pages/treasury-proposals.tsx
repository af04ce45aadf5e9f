import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { proposals, treasury } from '../asked.ts'
import {
  Answer,
  Button,
  Code,
  Confirm,
  Dialog,
  Empty,
  Facts,
  Form,
  Note,
  Page,
  Section,
  State,
  say,
  Table,
  TextField,
  Time,
  type Tone,
  textIn,
} from '../components/index.ts'
import { useAmount } from './amount.ts'
import { ChainName } from './chain-keys.tsx'
import { weiOf } from './ether.ts'
import { useNames } from './names.ts'
import { TreasuryAccess } from './treasury-access.tsx'

type Treasury = Awaited<ReturnType<typeof api.treasury.get>>
type Proposal = Awaited<ReturnType<typeof api.treasury.getProposal>>

/** One Safe: its owners, and what waits for their votes. */
export function TreasuryProposalsPage() {
  const { treasuryId } = useParams({ from: '/treasury/$treasuryId' })
  const asked = useQuery(treasury(treasuryId))
  return (
    <Page title={asked.data?.name ?? 'Treasury'} crumbs={<Link to="/treasury">Treasury</Link>}>
      <Answer of={asked}>
        {(known) => (
          <>
            <div className="card">
              <Facts
                of={[
                  ['Address', <code key="address">{known.safe_address}</code>],
                  ['Chain', <ChainName key="chain" of={known.chain} />],
                  ['Approvals needed', `${known.threshold} of ${known.signers.length}`],
                ]}
              />
            </div>
            <Signers of={known} />
            <TreasuryAccess treasuryId={treasuryId} />
            <Proposals of={known} />
          </>
        )}
      </Answer>
    </Page>
  )
}

function Signers({ of }: { readonly of: Treasury }) {
  const nameOf = useNames()
  if (of.signers.length === 0) return null
  return (
    <Section title="Owners">
      <Table
        label="Owners"
        rows={of.signers}
        keyOf={({ id }) => id}
        columns={[
          {
            title: 'Who',
            // Some owners have only an address.
            cell: ({ id, signer_id }) =>
              signer_id === id ? (
                <span className="quiet">an address</span>
              ) : (
                <span className="wrap">{nameOf(signer_id)}</span>
              ),
          },
          { title: 'Address', cell: ({ signer_address }) => <code className="wrap">{signer_address}</code> },
          { title: 'Since', cell: ({ added_at }) => <Time at={added_at} /> },
        ]}
      />
    </Section>
  )
}

function Proposals({ of }: { readonly of: Treasury }) {
  const cache = useQueryClient()
  const asked = useQuery(proposals(of.id))
  const [isNew, setNew] = useState(false)
  const propose = async (data: FormData) => {
    await api.treasury.propose({
      ...{ treasury_id: of.id, to: textIn(data, 'to'), value_wei: weiOf(textIn(data, 'value') ?? '0', 'value') },
      data: textIn(data, 'data'),
    })
    setNew(false)
    await cache.invalidateQueries({ queryKey: ['treasury'] })
  }
  return (
    <Section
      title="Proposals"
      actions={
        <Button look="primary" icon="plus" onClick={() => setNew(true)}>
          New proposal
        </Button>
      }
    >
      <Answer of={asked}>
        {(all) =>
          all.length === 0 ? (
            <div className="card">
              <Empty icon="check" title="Nothing is proposed">
                A proposal says what the Safe would do. It happens once enough owners sign.
              </Empty>
            </div>
          ) : (
            <ul className="stack">
              {all.map((one) => (
                <li key={one.id}>
                  <ProposalCard treasuryId={of.id} of={one} />
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <Dialog title="New proposal" open={isNew} onClose={() => setNew(false)}>
        <Form onSend={propose} button="Propose it" onCancel={() => setNew(false)}>
          <TextField name="to" label="Recipient" mono required placeholder="0x…" />
          <TextField name="value" label="Amount" inputMode="decimal" hint="In the currency of the chain." />
          <TextField name="data" label="Calldata" mono placeholder="0x" hint="For a contract. Empty: a payment." />
        </Form>
      </Dialog>
    </Section>
  )
}

const tones: Readonly<Record<string, Tone>> = { pending: 'warn', approved: 'good', executed: 'good', rejected: 'bad' }

function ProposalCard({ treasuryId, of }: { readonly treasuryId: string; readonly of: Proposal }) {
  const sends = useAmount(of.chain, of.value_wei)
  const nameOf = useNames()
  const cache = useQueryClient()
  const [open, setOpen] = useState<'approve' | 'reject' | 'cancel' | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['treasury'] })
  const approvals = of.signatures.filter(({ decision }) => decision === 'approve').length
  return (
    <section className="card stack" aria-label={`Proposal ${of.nonce}`}>
      <div className="row spread">
        <h3>Proposal {of.nonce}</h3>
        <State tone={tones[of.status] ?? 'plain'}>{of.status}</State>
      </div>
      <Facts
        of={[
          ['Sends', <strong key="value">{sends}</strong>],
          ['To', <code key="to">{of.to_address}</code>],
          ['Calldata', of.data_hex === '0x' || of.data_hex === '' ? 'none' : <code key="data">{of.data_hex}</code>],
          ['Approvals', `${approvals} of ${of.threshold}`],
          ['Proposed by', nameOf(of.proposed_by)],
          ['Ends', <Time key="ends" at={of.expires_at} />],
          ...(of.executed_tx_hash ? ([['Transaction', <code key="hash">{of.executed_tx_hash}</code>]] as const) : []),
        ]}
      />
      {of.is_delegatecall && (
        <Note tone="warn">It runs foreign code as the Safe. Approve it only if you know the code.</Note>
      )}
      {of.failure && <Note tone="warn">{of.failure}</Note>}
      {of.status === 'pending' && (
        <div className="row">
          <Button look="primary" icon="check" onClick={() => setOpen('approve')}>
            Approve
          </Button>
          <Button icon="cross" onClick={() => setOpen('reject')}>
            Reject
          </Button>
          <Button look="quiet" onClick={() => setOpen('cancel')}>
            Cancel it
          </Button>
        </div>
      )}
      <Dialog
        title={open === 'reject' ? 'Reject the proposal' : 'Approve the proposal'}
        open={open === 'approve' || open === 'reject'}
        onClose={() => setOpen(null)}
      >
        {(open === 'approve' || open === 'reject') && (
          <Vote treasuryId={treasuryId} of={of} decision={open} onDone={refresh} onClose={() => setOpen(null)} />
        )}
      </Dialog>
      <Confirm
        title="Cancel the proposal"
        open={open === 'cancel'}
        onClose={() => setOpen(null)}
        button="Cancel it"
        onConfirm={async () => {
          await api.treasury.cancelProposal({ treasury_id: treasuryId, proposal_id: of.id })
          await refresh()
        }}
      >
        <p>No owner can vote on it any more.</p>
      </Confirm>
    </section>
  )
}

interface VoteProps {
  readonly treasuryId: string
  readonly of: Proposal
  readonly decision: 'approve' | 'reject'
  readonly onDone: () => Promise<unknown>
  readonly onClose: () => void
}

/** An owner signs the hash with the wallet of the owner. Pawl holds no key of it. */
function Vote({ treasuryId, of, decision, onDone, onClose }: VoteProps) {
  const send = async (data: FormData) => {
    const signature = textIn(data, 'signature')
    await api.treasury.signProposal({
      ...{ treasury_id: treasuryId, proposal_id: of.id, decision },
      ...(signature && { signature }),
    })
    say(decision === 'approve' ? 'Your approval counts' : 'Your rejection counts')
    onClose()
    await onDone()
  }
  return (
    <Form
      onSend={send}
      button={decision === 'approve' ? 'Approve it' : 'Reject it'}
      look={decision === 'approve' ? 'primary' : 'danger'}
      onCancel={onClose}
    >
      <p>Sign this hash with the wallet that is an owner, and enter the signature.</p>
      <Code what="Hash" text={of.safe_tx_hash} />
      <TextField name="signature" label="Signature" mono required={decision === 'approve'} placeholder="0x…" />
    </Form>
  )
}
