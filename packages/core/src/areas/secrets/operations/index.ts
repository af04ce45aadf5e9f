import { deleteSecret } from './delete-secret.ts'
import { disableSecretVersion } from './disable-secret-version.ts'
import { getManySecrets } from './get-many-secrets.ts'
import { getSecret } from './get-secret.ts'
import { getSecretVersion } from './get-secret-version.ts'
import { listChanges } from './list-changes.ts'
import { listDeletedSecrets } from './list-deleted-secrets.ts'
import { listSecretVersions } from './list-secret-versions.ts'
import { listSecrets } from './list-secrets.ts'
import { purgeSecret } from './purge-secret.ts'
import { putSecret } from './put-secret.ts'
import { restoreSecret } from './restore-secret.ts'
import { rotateSecret } from './rotate-secret.ts'

export const secretOperations = {
  put: putSecret,
  get: getSecret,
  getMany: getManySecrets,
  list: listSecrets,
  delete: deleteSecret,
  listVersions: listSecretVersions,
  getVersion: getSecretVersion,
  disableVersion: disableSecretVersion,
  rotate: rotateSecret,
  restore: restoreSecret,
  listDeleted: listDeletedSecrets,
  changes: listChanges,
  purge: purgeSecret,
}
