import { area } from '../../operations/index.ts'
import { agentSecretsKind, dropCount } from './agent-quota.ts'
import { feedKind } from './changes.ts'
import { secretOperations } from './operations/index.ts'
import { purgeTask, purgeVault, purgeVersionsJob } from './purge.ts'
import { secretKind, secretVersionKind } from './records.ts'
import { rewrapDataKeys } from './rewrap.ts'

export { changeValue, versionsUnder } from './change-value.ts'
export { changesAfter, isAtEnd, type Position, putDeleted } from './changes.ts'
export { checkValue } from './check-value.ts'
export { keyMaterialDenied, secretGone, secretNotFound } from './errors.ts'
export { heldValues } from './held-values.ts'
export { purgeNewest } from './purge.ts'
export { type SecretEntry, type SecretVersion, secretKind, secretVersionKind } from './records.ts'
export { type SecretKey, type SecretPermission, secretAt } from './resource.ts'
export { clientShareField, pathField } from './schemas.ts'
export {
  checkKeyMaterial,
  currentVersion,
  findSecret,
  openForSigning,
  readValue,
  requireVersion,
  signingKeyType,
} from './secret.ts'
export { type NewVersion, storeVersion } from './store.ts'
export { secretsUnder } from './walk.ts'

export const secrets = area({
  name: 'secrets',
  summary: 'Values at paths of a vault, in versions.',
  uses: ['credentials', 'orgs', 'settings', 'vaults'],
  operations: secretOperations,
  kinds: [secretKind, secretVersionKind, feedKind, agentSecretsKind],
  jobs: [purgeVersionsJob],
  scheduledTasks: [purgeTask],
  onRemoved: {
    vault: { asJob: purgeVault },
    agent: { inUnit: ({ unit }, id) => dropCount(unit, id) },
  },
  onRotated: { vault: { asJob: rewrapDataKeys } },
})
