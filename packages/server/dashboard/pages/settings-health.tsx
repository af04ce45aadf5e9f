import { useQuery } from '@tanstack/react-query'
import { health, hsmHealth, keyStores } from '../asked.ts'
import { Answer, Code, Facts, Note, Section, State } from '../components/index.ts'

/** Whether the server, its storage and its keys work. */
export function HealthSettings() {
  const server = useQuery(health)
  const hsm = useQuery(hsmHealth)
  const stores = useQuery(keyStores)
  return (
    <div className="stack loose">
      <Answer of={server}>
        {({ status, version, audit_sync, key_stores_unavailable }) => (
          <div className="card stack">
            <Facts
              of={[
                ['Server', <HealthState key="server" status={status} />],
                ['Version', version],
                [
                  'Audit trail',
                  audit_sync === 'os' ? 'written when the system writes it' : 'written to the disk at once',
                ],
                ['Key stores', key_stores_unavailable ? `${key_stores_unavailable} do not answer` : 'all answer'],
              ]}
            />
          </div>
        )}
      </Answer>
      <Section title="Keys">
        <Answer of={hsm}>
          {({ status, hsm_provider }) => (
            <div className="card">
              <Facts
                of={[
                  ['Key store of the server', <HealthState key="hsm" status={status} />],
                  ['Kind', hsm_provider],
                  ...(stores.data ?? []).map(
                    ({ name, status }) => [name, <HealthState key={name} status={status} />] as const,
                  ),
                ]}
              />
            </div>
          )}
        </Answer>
      </Section>
      <Section title="Backup">
        <Note tone="warn">
          The data and the keys are in one folder, so a lost disk takes both. A backup does not contain the root key:
          keep both on other machines, apart from each other, and try a restore once.
        </Note>
        <Code what="Backup command" text="npx -y @pawl/server backup vault.backup" />
      </Section>
    </div>
  )
}

function HealthState({ status }: { readonly status: string }) {
  const isGood = status === 'healthy' || status === 'ok'
  return <State tone={isGood ? 'good' : 'bad'}>{status}</State>
}
