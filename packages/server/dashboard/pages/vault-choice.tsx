import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { ownVaults } from '../asked.ts'
import { Answer, ButtonLink, ChoiceField, Empty } from '../components/index.ts'
import { ToolbarPlace } from './toolbar.tsx'

interface VaultChoiceProps {
  readonly from: '/reach' | '/policies'
  readonly children: (vaultId: string) => ReactNode
}

/** The vault that a page is about, chosen on the page and kept in its address. */
export function VaultChoice({ from, children }: VaultChoiceProps) {
  const asked = useQuery(ownVaults)
  const { vault } = useSearch({ from })
  const navigate = useNavigate()
  const [place, setPlace] = useState<HTMLElement | null>(null)
  return (
    <Answer of={asked}>
      {(all) => {
        const chosen = all.find(({ id }) => id === vault) ?? all[0]
        if (!chosen) {
          return (
            <div className="card">
              <Empty
                icon="vault"
                title="No vault yet"
                action={
                  <ButtonLink to="/vaults" search={{ create: true }} look="primary" icon="plus">
                    New vault
                  </ButtonLink>
                }
              >
                Policies belong to a vault, and so does what they reach.
              </Empty>
            </div>
          )
        }
        return (
          <>
            <div className="row end toolbar">
              {all.length > 1 && (
                <div className="toolbar-choice">
                  <ChoiceField
                    name="vault"
                    label="Vault"
                    value={chosen.id}
                    onChange={(event) => void navigate({ to: from, search: { vault: event.target.value } })}
                    choices={all.map(({ id, name }) => [id, name] as const)}
                  />
                </div>
              )}
              <div className="row spread end grow" ref={setPlace} />
            </div>
            <ToolbarPlace value={place}>{place && children(chosen.id)}</ToolbarPlace>
          </>
        )
      }}
    </Answer>
  )
}
