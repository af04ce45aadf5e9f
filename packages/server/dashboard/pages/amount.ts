import { useQuery } from '@tanstack/react-query'
import { chains } from '../asked.ts'
import { etherOf } from './ether.ts'

/** An amount of wei in the currency of its chain: `1.25 ETH`. Null: `wei` is not a string. */
export function useAmount(chain: unknown, wei: unknown): string | null {
  const currency = useQuery(chains).data?.find(({ name }) => name === chain)?.native_currency ?? ''
  return typeof wei === 'string' ? `${etherOf(wei)} ${currency}`.trim() : null
}
