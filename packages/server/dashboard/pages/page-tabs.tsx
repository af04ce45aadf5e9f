import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Tabs } from '../components/index.ts'

interface PageTabsProps<Name extends string> {
  readonly label: string
  readonly tabs: readonly (readonly [name: Name, label: string])[]
  readonly chosen: Name
  /** The name of the choice in the address. */
  readonly field?: string
  readonly children: ReactNode
}

/** Tabs whose choice is in the address of the page. The first tab is the default, and its address has no choice. */
export function PageTabs<Name extends string>({ label, tabs, chosen, field = 'tab', children }: PageTabsProps<Name>) {
  const navigate = useNavigate()
  const choose = (next: Name) => {
    const search = next === tabs[0]?.[0] ? {} : { [field]: next }
    void navigate({ to: '.', search, replace: true })
  }
  return (
    <Tabs label={label} tabs={tabs} chosen={chosen} onChoose={choose}>
      {children}
    </Tabs>
  )
}
