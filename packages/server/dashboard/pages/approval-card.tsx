import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import {
  AreaField,
  Button,
  Dialog,
  Facts,
  Form,
  Note,
  ProofFields,
  proofFrom,
  State,
  say,
  Time,
  textIn,
} from '../components/index.ts'
import { ApprovalRequest, titleOf } from './approval-request.tsx'
import { useNames } from './names.ts'

export type Approval = Awaited<ReturnType<typeof api.approvals.get>>

const purpose = 'approval.decide'

const tiers: Readonly<Record<number, string>> = {
  2: 'needs your proof',
  3: 'needs a second factor',
}

/** One request: what would happen, and the decision. */
export function ApprovalCard({ of }: { readonly of: Approval }) {
  const nameOf = useNames()
  const [open, setOpen] = useState<'approve' | 'deny' | null>(null)
  const { agent_id, created_at, expires_at, risk_tier, status } = of
  return (
    <section className="card stack" aria-label={titleOf(of)} tabIndex={-1}>
      <div className="row spread">
        <h2>{titleOf(of)}</h2>
        <div className="row">
          {status === 'pending' && tiers[risk_tier] && <State tone="plain">{tiers[risk_tier]}</State>}
          <StatusOf of={of} />
        </div>
      </div>
      <p className="quiet">
        {agent_id ? `${nameOf(agent_id)} asked ` : 'Asked '}
        <Time at={created_at} />
        {status === 'pending' && expires_at && (
          <>
            , ends <Time at={expires_at} />
          </>
        )}
      </p>
      <ApprovalRequest of={of} />
      {status === 'pending' ? (
        <div className="row">
          <Button look="primary" icon="check" onClick={() => setOpen('approve')}>
            Approve
          </Button>
          <Button icon="cross" onClick={() => setOpen('deny')}>
            Deny
          </Button>
        </div>
      ) : (
        <Decision of={of} />
      )}
      <Dialog
        title={open === 'deny' ? 'Deny the request' : 'Approve the request'}
        open={open !== null}
        onClose={() => setOpen(null)}
      >
        {open && <Decide of={of} isApproval={open === 'approve'} onClose={() => setOpen(null)} />}
      </Dialog>
    </section>
  )
}

function StatusOf({ of: { status } }: { readonly of: Approval }) {
  if (status === 'pending') return <State tone="warn">waits</State>
  if (status === 'approved') return <State tone="good">approved</State>
  return <State tone={status === 'rejected' ? 'bad' : 'plain'}>{status === 'rejected' ? 'denied' : status}</State>
}

function Decision({ of }: { readonly of: Approval }) {
  const nameOf = useNames()
  const { decided_by, decided_at, decision_reason, failure } = of
  if (!decided_by) return null
  return (
    <>
      <Facts
        of={[
          ['Decided by', nameOf(decided_by)],
          ['Decided', decided_at ? <Time key="at" at={decided_at} /> : ''],
          ...(decision_reason ? ([['Why', decision_reason]] as const) : []),
        ]}
      />
      {failure && <Note tone="warn">It could not be carried out: {failure}</Note>}
    </>
  )
}

interface DecideProps {
  readonly of: Approval
  readonly isApproval: boolean
  readonly onClose: () => void
}

/** The second look. An approval of what the server carries out needs a proof too, and a denial needs none. */
function Decide({ of, isApproval, onClose }: DecideProps) {
  const cache = useQueryClient()
  const needsProof = isApproval && of.risk_tier > 1
  const send = async (data: FormData) => {
    const reason = textIn(data, 'reason')
    const given = { approval_id: of.id, ...(reason && { reason }) }
    if (!isApproval) await api.approvals.deny(given)
    else if (!needsProof) await api.approvals.approve(given)
    else await api.approvals.approve({ ...given, auth_confirm: await proofFrom(data, purpose) })
    say(isApproval ? 'The request is approved' : 'The request is denied')
    onClose()
    await cache.invalidateQueries({ queryKey: ['approvals'] })
  }
  return (
    <Form
      onSend={send}
      button={isApproval ? 'Approve it' : 'Deny it'}
      look={isApproval ? 'primary' : 'danger'}
      onCancel={onClose}
    >
      {isApproval && <ApprovalRequest of={of} />}
      {/* The form begins with the proof: a person who types at once must not type the password into a stored text. */}
      {needsProof && <ProofFields purpose={purpose} isFirst />}
      <AreaField name="reason" label="Why" rows={2} hint="Optional. It stays with the decision." />
    </Form>
  )
}
