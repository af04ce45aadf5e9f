import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { chains } from '../asked.ts'
import { CopyButton, Form, ProofFields, proofFrom, ShownOnce } from '../components/index.ts'

// What keys of agents and wallets of people have in common.

/** The families of chains, as a key is made for one. */
export const families = [
  ['ethereum', 'Ethereum and every EVM chain'],
  ['bitcoin', 'Bitcoin'],
  ['solana', 'Solana'],
  ['xrp', 'XRP Ledger'],
  ['cardano', 'Cardano'],
  ['tron', 'Tron'],
] as const

export type Family = (typeof families)[number][0]

/** The display name of a chain or of a family of chains. */
export function ChainName({ of }: { readonly of: string }) {
  const known = useQuery(chains).data?.find(({ name }) => name === of)
  return known?.display_name ?? families.find(([name]) => name === of)?.[1] ?? of
}

export function Address({ of }: { readonly of: string }) {
  return (
    <span className="row nowrap">
      <code className="wrap">{of}</code>
      <CopyButton text={of} what="Address" />
    </span>
  )
}

interface ExportKeyProps {
  readonly purpose: string
  /** Returns the private key for the proof of the person. */
  readonly reveal: (authConfirm: string) => Promise<string>
  readonly onClose: () => void
  /** What the person must know. */
  readonly children: string
}

/** Shows a private key once, after a proof of who asks. */
export function ExportKey({ purpose, reveal, onClose, children }: ExportKeyProps) {
  const [key, setKey] = useState<string | null>(null)
  if (key !== null) return <ShownOnce value={key} what="Private key" />
  return (
    <Form
      onSend={async (data) => setKey(await reveal(await proofFrom(data, purpose)))}
      button="Show the key"
      look="danger"
      onCancel={onClose}
    >
      <p>{children}</p>
      <ProofFields purpose={purpose} />
    </Form>
  )
}
