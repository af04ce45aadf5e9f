import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { appAt } from '../access.ts'
import { endAppKeys, issueAppKey } from '../app-key.ts'
import { checkApp } from '../check-app.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { appKind } from '../records.ts'
import { appFields, timeOf } from '../schemas.ts'

const overlapSecondsMax = 24 * 60 * 60

export const rotateAppKey = operation({
  name: 'platform.rotateAppKey',
  summary: 'Give an app a new key. The old key and all its tokens stop working at once, or after overlap_seconds.',
  http: {
    method: 'POST',
    path: '/v1/platform/apps/{app_id}/rotate-key',
    status: 200,
    id: 'rotatePlatformAppKey',
    tag: 'Platform',
  },
  command: { name: 'app rotate-key', flags: { api_key_expires_at: 'key-expires', overlap_seconds: 'overlap' } },
  effect: 'write',
  access: { permission: 'own', resource: ({ app_id }) => appAt(app_id), signedIn: ['user'] },
  audit: {
    action: 'platform.key_rotated',
    resource: 'platform_app',
    about: ({ app_id, overlap_seconds }) => aboutApp(app_id, { overlap_seconds }),
  },
  input: z.object({
    app_id: fields.id(),
    api_key_expires_at: fields.clearable(appFields.api_key_expires_at),
    overlap_seconds: fields
      .optional(fields.count(overlapSecondsMax))
      .describe('Seconds that the old key keeps working. Default: 0.'),
  }),
  output: z.object({
    api_key: fields.shownSecret(),
    api_key_prefix: z.string(),
    api_key_expires_at: fields.shownTime().nullable(),
  }),
  reveals: ['api_key'],
  errors: [appNotFound],
  run: (context, { app_id, overlap_seconds = 0, ...given }) => {
    checkApp(context, given)
    const { unit, now } = context
    const before = unit.require(appKind, app_id, appNotFound)
    endAppKeys(context, before, overlap_seconds)
    const { keyed, key } = issueAppKey(context, before, given.api_key_expires_at ?? null)
    // Tokens live on during an overlap, as long as the key they came from.
    const epoch = overlap_seconds > 0 ? before.epoch : before.epoch + 1
    unit.put(appKind, { ...before, ...keyed, keyRotatedAt: now, updatedAt: now, epoch })
    return { api_key: key, api_key_prefix: keyed.keyPrefix, api_key_expires_at: timeOf(keyed.keyExpiresAt) }
  },
})
