import { useNavigate, useSearch } from '@tanstack/react-router'
import { Page, Tabs } from '../components/index.ts'
import { AccountSettings } from './settings-account.tsx'
import { AddressSettings } from './settings-addresses.tsx'
import { HealthSettings } from './settings-health.tsx'
import { ApiKeySettings } from './settings-keys.tsx'
import { MemberSettings } from './settings-members.tsx'
import { SecuritySettings } from './settings-security.tsx'

const tabs = [
  ['account', 'Account'],
  ['security', 'Security'],
  ['keys', 'API keys'],
  ['members', 'Members'],
  ['addresses', 'IP rules'],
  ['health', 'Health'],
] as const

export function SettingsPage() {
  const { tab = 'account' } = useSearch({ from: '/settings' })
  const navigate = useNavigate({ from: '/settings' })
  return (
    <Page title="Settings">
      <Tabs
        label="Settings"
        tabs={tabs}
        chosen={tab}
        onChoose={(next) => void navigate({ search: next === 'account' ? {} : { tab: next }, replace: true })}
      >
        {tab === 'account' && <AccountSettings />}
        {tab === 'security' && <SecuritySettings />}
        {tab === 'keys' && <ApiKeySettings />}
        {tab === 'members' && <MemberSettings />}
        {tab === 'addresses' && <AddressSettings />}
        {tab === 'health' && <HealthSettings />}
      </Tabs>
    </Page>
  )
}
