import type { IconName } from '../components/icon.tsx'

interface Place {
  readonly to: string
  readonly label: string
  readonly icon: IconName
}

/** The pages of the side bar, in groups and in their order. */
export const groups = [
  {
    name: '',
    places: [
      { to: '/', label: 'Home', icon: 'home' },
      { to: '/approvals', label: 'Approvals', icon: 'bell' },
    ],
  },
  {
    name: 'Secrets',
    places: [
      { to: '/vaults', label: 'Vaults', icon: 'vault' },
      { to: '/shares', label: 'Shares', icon: 'share' },
    ],
  },
  {
    name: 'Agents',
    places: [
      { to: '/agents', label: 'Agents', icon: 'agent' },
      { to: '/shroud', label: 'Shroud', icon: 'shroud' },
      { to: '/treasury', label: 'Treasury', icon: 'treasury' },
    ],
  },
  {
    name: 'Who may what',
    places: [
      { to: '/reach', label: 'Reach', icon: 'reach' },
      { to: '/policies', label: 'Policies', icon: 'policy' },
      { to: '/risk', label: 'Risk', icon: 'warn' },
      { to: '/audit', label: 'Audit', icon: 'audit' },
    ],
  },
  {
    name: 'Connections',
    places: [
      { to: '/webhooks', label: 'Webhooks', icon: 'hook' },
      { to: '/apps', label: 'Connected apps', icon: 'app' },
      { to: '/platform', label: 'Platform', icon: 'platform' },
    ],
  },
  { name: '', places: [{ to: '/settings', label: 'Settings', icon: 'settings' }] },
] as const satisfies readonly { name: string; places: readonly Place[] }[]

/** Whether the server refuses the whole page or part to a member. */
export function isForAdmins({ to, tab }: { readonly to: string; readonly tab?: string }): boolean {
  return to === '/risk' || (to === '/settings' && tab === 'addresses')
}

/** Parts of pages, for the command palette: the tab of the address, and what the palette calls it. */
export const parts = [
  ['/approvals', { view: 'decided' }, 'Approvals: decided'],
  ['/shares', { tab: 'out' }, 'Shares: from you'],
  ['/shroud', { tab: 'threats' }, 'Shroud: threats'],
  ['/shroud', { tab: 'try' }, 'Shroud: try it'],
  ['/treasury', { tab: 'wallets' }, 'Treasury: your wallets'],
  ['/risk', { tab: 'honeytokens' }, 'Risk: honeytokens'],
  ['/risk', { tab: 'events' }, 'Risk: events'],
  ['/settings', { tab: 'security' }, 'Settings: passkeys and second factor'],
  ['/settings', { tab: 'keys' }, 'Settings: API keys'],
  ['/settings', { tab: 'members' }, 'Settings: members'],
  ['/settings', { tab: 'addresses' }, 'Settings: IP rules'],
  ['/settings', { tab: 'health' }, 'Settings: health and backup'],
] as const

export const vaultParts = ['policies', 'reach', 'deleted', 'settings'] as const
export const agentParts = ['day', 'limits', 'keys', 'bindings', 'shroud', 'settings'] as const

type Known = (typeof groups)[number]['places'][number]

/** The same without groups, for the command palette. */
export const places: readonly Known[] = groups.flatMap((group): readonly Known[] => group.places)
