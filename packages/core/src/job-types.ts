import { removeAgentsJob } from './areas/agents/operations/remove-agent.ts'
import { forgetMemberJob } from './areas/orgs/operations/forget-member.ts'
import { rewrapJob } from './areas/secrets/index.ts'
import { shareMailJob } from './areas/sharing/index.ts'
import { purgeVaultJob } from './areas/vaults/operations/purge-vault.ts'
import type { JobType } from './operations/index.ts'

/** Every kind of job that may be found in a store. */
export const jobTypes: readonly JobType<never>[] = [
  rewrapJob,
  purgeVaultJob,
  removeAgentsJob,
  forgetMemberJob,
  shareMailJob,
]
