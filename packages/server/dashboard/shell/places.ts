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

type Known = (typeof groups)[number]['places'][number]

/** The same without groups, for the command palette. */
export const places: readonly Known[] = groups.flatMap((group): readonly Known[] => group.places)
