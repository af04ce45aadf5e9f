import { useQuery } from '@tanstack/react-query'
import { policies } from '../asked.ts'

const id = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g

/** Replaces the ID of a policy in a reason of the server by the paths of the policy, if the user can list the policy. */
export function useReasons(vaultId: string): (because: string) => string {
  const { data = [] } = useQuery(policies(vaultId))
  return (because) =>
    because.replace(id, (named) => data.find((policy) => policy.id === named)?.secret_path_pattern ?? named)
}
