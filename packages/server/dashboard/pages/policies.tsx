import { Page } from '../components/index.ts'
import { PolicyList } from './policy-list.tsx'
import { VaultChoice } from './vault-choice.tsx'

export function PoliciesPage() {
  return (
    <Page
      title="Policies"
      lead="A policy allows or denies permissions on paths. The highest priority decides, and deny wins among equals."
    >
      <VaultChoice from="/policies">{(vaultId) => <PolicyList key={vaultId} vaultId={vaultId} />}</VaultChoice>
    </Page>
  )
}
