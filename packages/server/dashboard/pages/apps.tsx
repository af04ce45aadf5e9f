import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api.ts'
import { connectedApps, consents } from '../asked.ts'
import { Button, Confirm, Dialog, List, Page, Section, State, say, Time } from '../components/index.ts'
import { AppAccess } from './app-access.tsx'
import { DeviceSignIn } from './device-sign-in.tsx'

/** Everything that acts or signs in for this user: apps, their consents, and devices. */
export function AppsPage() {
  return (
    <Page title="Connected apps" lead="Programs of others that act for you. You take each right back at any time.">
      <Section title="Apps">
        <Apps />
      </Section>
      <Section title="Sign-in with Pawl">
        <Consents />
      </Section>
      <Section title="Sign in a device">
        <DeviceSignIn />
      </Section>
    </Page>
  )
}

type App = Awaited<ReturnType<typeof api.platform.listConnectedApps>>['apps'][number]

function Apps() {
  const cache = useQueryClient()
  const [shown, show] = useState<App | null>(null)
  const [left, leave] = useState<App | null>(null)
  const refresh = () => cache.invalidateQueries({ queryKey: ['apps'] })
  return (
    <>
      <List
        label="Connected apps"
        of={useQuery(connectedApps)}
        keyOf={({ connection_id }) => connection_id}
        empty={{
          icon: 'app',
          title: 'No app yet',
          text: 'An app that made a vault or agents for you appears here, once you follow its link. It never reads what it made for you, unless you grant that.',
        }}
        columns={[
          { title: 'App', cell: ({ app_name }) => <span className="wrap">{app_name}</span> },
          { title: 'State', cell: (app) => <AppState of={app} /> },
          {
            title: 'Made for you',
            cell: ({ vault_ids, agent_ids }) => (
              <span className="quiet">{`${counted(vault_ids, 'vault')}, ${counted(agent_ids, 'agent')}`}</span>
            ),
          },
          {
            title: 'Acts for you',
            cell: ({ delegation_enabled, delegation_scopes }) =>
              delegation_enabled ? delegation_scopes.join(', ') : <span className="quiet">no</span>,
          },
          { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: (app) => (
              <>
                <Button look="quiet" onClick={() => show(app)}>
                  Access
                </Button>
                <Button look="quiet" onClick={() => leave(app)}>
                  Leave
                </Button>
              </>
            ),
          },
        ]}
      />
      <Dialog title={`Access of ${shown?.app_name ?? ''}`} wide open={shown !== null} onClose={() => show(null)}>
        {shown && <AppAccess connectionId={shown.connection_id} onClose={() => show(null)} />}
      </Dialog>
      <Confirm
        title={`Leave ${left?.app_name ?? ''}`}
        open={left !== null}
        onClose={() => leave(null)}
        button="Leave the app"
        onConfirm={async () => {
          await api.platform.disconnect({ connection_id: left?.connection_id ?? '' })
          await refresh()
        }}
      >
        <p>Its grants and what you delegated end at once. What it made for you stays yours.</p>
      </Confirm>
    </>
  )
}

function counted(of: readonly unknown[], what: string): string {
  return `${of.length} ${what}${of.length === 1 ? '' : 's'}`
}

function AppState({ of: { status } }: { readonly of: App }) {
  if (status === 'claimed') return <State tone="good">yours</State>
  if (status === 'disconnected') return <State tone="plain">left</State>
  return <State tone="warn">{status === 'active' ? 'waits for your claim' : 'begins'}</State>
}

function Consents() {
  const cache = useQueryClient()
  const [revoked, revoke] = useState<{ app_id: string; app_name: string } | null>(null)
  return (
    <>
      <List
        label="Consents"
        of={useQuery(consents)}
        keyOf={({ app_id }) => app_id}
        empty={{
          icon: 'person',
          title: 'No app knows you',
          text: 'An app that you sign in to with Pawl asks for your consent first. What you allow is here.',
        }}
        columns={[
          { title: 'App', cell: ({ app_name }) => <span className="wrap">{app_name}</span> },
          { title: 'May know', cell: ({ scopes }) => scopes.join(', ') },
          { title: 'Since', cell: ({ created_at }) => <Time at={created_at} /> },
          {
            title: '',
            className: 'end',
            cell: ({ app_id, app_name }) => (
              <Button look="quiet" onClick={() => revoke({ app_id, app_name })}>
                Take back
              </Button>
            ),
          },
        ]}
      />
      <Confirm
        title={`Take back the consent for ${revoked?.app_name ?? ''}`}
        open={revoked !== null}
        onClose={() => revoke(null)}
        button="Take it back"
        onConfirm={async () => {
          await api.oauth.revokeConsent({ app_id: revoked?.app_id ?? '' })
          say('The tokens of the app end now')
          await cache.invalidateQueries({ queryKey: ['apps'] })
        }}
      >
        <p>Its tokens for you end at once. It asks again when you sign in there.</p>
      </Confirm>
    </>
  )
}
