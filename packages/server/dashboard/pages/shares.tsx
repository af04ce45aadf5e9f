import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api.ts'
import { inboundShares, outboundShares } from '../asked.ts'
import { Button, Confirm, Dialog, List, Page, SecretValue, State, TextField, Time } from '../components/index.ts'
import { NewShare } from './new-share.tsx'
import { PageTabs } from './page-tabs.tsx'

const tabs = [
  ['in', 'For you'],
  ['out', 'From you'],
] as const

/** Single secrets that others share with this person, and that this person shares. */
export function SharesPage() {
  const { tab = 'in' } = useSearch({ from: '/shares' })
  return (
    <Page title="Shares" lead="One secret for one recipient, for a while. A policy is for lasting access.">
      <PageTabs label="Shares" tabs={tabs} chosen={tab}>
        {tab === 'in' ? <Inbound /> : <Outbound />}
      </PageTabs>
    </Page>
  )
}

interface Share {
  readonly id: string
  readonly secret_path: string
  readonly access_count: number
  readonly max_access_count: number
  readonly is_expired: boolean
  readonly is_accepted: boolean
}

const isUsedUp = (of: Share) => of.max_access_count > 0 && of.access_count >= of.max_access_count

function ShareState({ of }: { readonly of: Share }) {
  if (of.is_expired) return <State tone="warn">expired</State>
  if (isUsedUp(of)) return <State tone="plain">used up</State>
  return of.is_accepted ? <State tone="good">open</State> : <State tone="warn">waits</State>
}

/** Nobody can read it again. */
const isOver = (share: Share) => share.is_expired || isUsedUp(share)

function readsOf({ access_count, max_access_count }: Share): string {
  return max_access_count > 0 ? `${access_count} of ${max_access_count}` : `${access_count}`
}

function Inbound() {
  const cache = useQueryClient()
  const [opened, open] = useState<Share | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['shares'] })
  const answer = async (share_id: string, isAccepted: boolean) => {
    await (isAccepted ? api.sharing.accept({ share_id }) : api.sharing.decline({ share_id })).finally(refresh)
  }
  return (
    <>
      <List
        label="Shares for you"
        of={useQuery(inboundShares)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'share',
          title: 'Nothing is shared with you',
          text: 'When a colleague shares a secret with you or with your e-mail address, you accept and open it here.',
        }}
        columns={[
          { title: 'Secret', cell: ({ secret_path }) => <span className="wrap mono">{secret_path}</span> },
          { title: 'State', cell: (share) => <ShareState of={share} /> },
          { title: 'Reads', cell: readsOf },
          { title: 'Expires', cell: ({ expires_at }) => <Time at={expires_at} /> },
          {
            title: '',
            className: 'end',
            cell: (share) =>
              share.is_accepted ? (
                !isOver(share) && (
                  <Button icon="eye" onClick={() => open(share)}>
                    Open
                  </Button>
                )
              ) : (
                <>
                  {!isOver(share) && (
                    <Button icon="check" act={() => answer(share.id, true)}>
                      Accept
                    </Button>
                  )}{' '}
                  <Button look="quiet" act={() => answer(share.id, false)}>
                    Decline
                  </Button>
                </>
              ),
          },
        ]}
      />
      <Dialog title={opened?.secret_path ?? ''} open={opened !== null} onClose={() => open(null)}>
        {opened && <Opened share={opened} onRead={refresh} />}
      </Dialog>
    </>
  )
}

function Opened({ share, onRead }: { readonly share: Share; readonly onRead: () => Promise<unknown> }) {
  const [passphrase, setPassphrase] = useState('')
  const read = async () => {
    const given = { share_id: share.id, ...(passphrase && { passphrase }) }
    const { value } = await api.sharing.access(given)
    void onRead()
    return value.reveal()
  }
  return (
    <div className="stack">
      <TextField
        name="passphrase"
        label="Passphrase"
        type="password"
        value={passphrase}
        onChange={(event) => setPassphrase(event.target.value)}
        hint="Only if the sender gave you one. Each reading counts."
      />
      <SecretValue read={read} what="Value" />
    </div>
  )
}

function Outbound() {
  const cache = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  const [revoked, revoke] = useState<Share | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['shares'] })
  return (
    <>
      <List
        label="Shares from you"
        of={useQuery(outboundShares)}
        keyOf={({ id }) => id}
        empty={{
          icon: 'share',
          title: 'You share nothing',
          text: 'A share gives one secret to one person, or to anyone with the link, for as long and as often as you say.',
        }}
        creating={{
          ...{ title: 'New share', open: isOpen, onOpen: setOpen },
          form: <NewShare onDone={refresh} onClose={() => setOpen(false)} />,
        }}
        columns={[
          { title: 'Secret', cell: ({ secret_path }) => <span className="wrap mono">{secret_path}</span> },
          {
            title: 'For',
            cell: ({ recipient_type, recipient_email }) => (
              <span className="wrap">{recipient_email ?? recipient_type.replaceAll('_', ' ')}</span>
            ),
          },
          { title: 'State', cell: (share) => <ShareState of={share} /> },
          { title: 'Reads', cell: readsOf },
          { title: 'Expires', cell: ({ expires_at }) => <Time at={expires_at} /> },
          {
            title: '',
            className: 'end',
            cell: (share) =>
              !isOver(share) && (
                <Button look="quiet" onClick={() => revoke(share)}>
                  Revoke
                </Button>
              ),
          },
        ]}
      />
      <Confirm
        title="Revoke the share"
        open={revoked !== null}
        onClose={() => revoke(null)}
        button="Revoke it"
        onConfirm={async () => {
          await api.sharing.revoke({ share_id: revoked?.id ?? '' })
          await refresh()
        }}
      >
        <p>
          It opens <code>{revoked?.secret_path}</code> no longer. A recipient who has read the value still knows it.
        </p>
      </Confirm>
    </>
  )
}
