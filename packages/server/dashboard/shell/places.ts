import type { IconName } from '../components/icon.tsx'

/** The pages of the side bar and of the command palette, in their order. */
export const places = [
  { to: '/', label: 'Home', icon: 'home' },
  { to: '/vaults', label: 'Vaults', icon: 'vault' },
  { to: '/agents', label: 'Agents', icon: 'agent' },
  { to: '/reach', label: 'Reach', icon: 'reach' },
  { to: '/policies', label: 'Policies', icon: 'policy' },
  { to: '/audit', label: 'Audit', icon: 'audit' },
  { to: '/settings', label: 'Settings', icon: 'settings' },
] as const satisfies readonly { to: string; label: string; icon: IconName }[]
