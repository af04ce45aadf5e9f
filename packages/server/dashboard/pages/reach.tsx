import { Page } from '../components/index.ts'
import { ReachTable } from './reach-table.tsx'
import { VaultChoice } from './vault-choice.tsx'

export function ReachPage() {
  return (
    <Page
      title="Reach"
      lead="Who can do what, and why. People and agents go down, the paths of the vault go across. Choose a cell for the policy that decides."
    >
      <VaultChoice from="/reach">{(vaultId) => <ReachTable key={vaultId} vaultId={vaultId} />}</VaultChoice>
    </Page>
  )
}
