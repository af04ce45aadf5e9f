import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { me, subscription } from '../asked.ts'
import { Page } from '../components/index.ts'
import { PageTabs } from './page-tabs.tsx'
import { AccountSettings } from './settings-account.tsx'
import { AddressSettings } from './settings-addresses.tsx'
import { HealthSettings } from './settings-health.tsx'
import { ApiKeySettings } from './settings-keys.tsx'
import { MemberSettings } from './settings-members.tsx'
import { SecuritySettings } from './settings-security.tsx'
import { isMetered, UsageSettings } from './settings-usage.tsx'

const tabs = [
  ['account', 'Account'],
  ['security', 'Security'],
  ['keys', 'API keys'],
  ['members', 'Members'],
  ['addresses', 'IP rules'],
  ['usage', 'Usage'],
  ['health', 'Health'],
] as const

export function SettingsPage() {
  const { tab = 'account' } = useSearch({ from: '/settings' })
  const { data } = useQuery(subscription)
  const isMember = useQuery(me).data?.role === 'member'
  const shown = tabs.filter(
    ([name]) =>
      name === tab || (name === 'addresses' ? !isMember : name !== 'usage' || (data !== undefined && isMetered(data))),
  )
  return (
    <Page title="Settings">
      <PageTabs label="Settings" tabs={shown} chosen={tab}>
        {tab === 'account' && <AccountSettings />}
        {tab === 'security' && <SecuritySettings />}
        {tab === 'keys' && <ApiKeySettings />}
        {tab === 'members' && <MemberSettings />}
        {tab === 'addresses' && <AddressSettings />}
        {tab === 'usage' && <UsageSettings />}
        {tab === 'health' && <HealthSettings />}
      </PageTabs>
    </Page>
  )
}
