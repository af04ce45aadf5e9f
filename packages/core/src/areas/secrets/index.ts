export { pathField } from './body.ts'
export { checkValue } from './check-value.ts'
export { keyMaterialDenied, secretGone, secretNotFound } from './errors.ts'

export { purgeNewest } from './purge.ts'
export { type SecretEntry, type SecretVersion, secretKind, secretVersionKind } from './records.ts'
export { rewrapJob } from './rewrap.ts'
export { checkKeyMaterial, currentVersion, findSecret, readValue } from './secret.ts'
export { type NewVersion, storeVersion } from './store.ts'
