import { BadTransaction } from '../family.ts'

/** An error in `xrpl_tx_json`, with the name of the member. */
export function badField(name: string, what: string): BadTransaction {
  return new BadTransaction(
    'xrpl_tx_json',
    `has a member ${/^\w{1,40}$/.test(name) ? name : 'of another name'} that ${what}`,
  )
}
