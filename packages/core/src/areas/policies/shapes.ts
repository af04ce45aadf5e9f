// What the parts of a policy look like, for documents and for the types of clients. What is sent is read by conditions.ts.

import { cidrShape } from '../../kernel/ip.ts'
import { riskLevels } from '../risk/index.ts'

export const permissionShape = { title: 'PolicyPermission' }

const oneOrMore = (item: object, description: string) => ({
  anyOf: [item, { type: 'array', items: item, minItems: 1, maxItems: 64 }],
  description,
})

const timeOfDay = '^(?:[01][0-9]|2[0-3]):[0-5][0-9]$'

const timeWindow = {
  title: 'TimeWindow',
  description: 'When a policy applies. Every given part must hold. At least one is required.',
  type: 'object',
  properties: {
    after: { type: 'string', pattern: timeOfDay, description: 'Time of day as HH:MM. The window begins here.' },
    before: {
      type: 'string',
      pattern: timeOfDay,
      description: 'Time of day as HH:MM. The window ends just before it.',
    },
    start_hour: { type: 'integer', minimum: 0, maximum: 23, description: 'Hour in which the window begins.' },
    end_hour: { type: 'integer', minimum: 0, maximum: 24, description: 'Hour just before which the window ends.' },
    days_of_week: {
      type: 'array',
      items: { type: 'integer', enum: [0, 1, 2, 3, 4, 5, 6] },
      description: 'Days of the week, from 0 (Sunday) to 6.',
    },
    cron_expr: { type: 'string', description: 'Cron expression of six fields, seconds first.' },
    timezone: { type: 'string', description: 'IANA time zone, such as Europe/Vienna. Default: UTC.' },
  },
  additionalProperties: true,
}

/** As `readers` of conditions.ts understand them. */
export const conditionsShape = {
  title: 'PolicyConditions',
  description: 'When it applies: ip_allowlist, time_window, environment_in.',
  type: 'object',
  properties: {
    ip_allowlist: {
      type: 'array',
      items: cidrShape,
      description: 'IPv4 and IPv6 addresses and CIDR ranges. The address of the caller must be in one of them.',
    },
    time_window: timeWindow,
    environment_in: oneOrMore({ type: 'string' }, 'Environments. That of the calling agent must be one of them.'),
  },
  additionalProperties: true,
}

/** As `attributeReaders` of conditions.ts understand them. */
export const attributeConditionsShape = {
  title: 'PolicyAttributeConditions',
  description: 'To whom it applies: principal_role, auth_method, risk_verdict_max.',
  type: 'object',
  properties: {
    principal_role: oneOrMore(
      { type: 'string', enum: ['owner', 'admin', 'member'] },
      'Roles. That of the calling user must be one of them.',
    ),
    auth_method: oneOrMore(
      { type: 'string' },
      'Ways of authenticating, such as password or api_key. That of the caller must be one of them.',
    ),
    risk_verdict_max: {
      type: 'string',
      enum: riskLevels,
      description: 'The highest severity that a risk verdict about the caller may have. none: there is no verdict.',
    },
  },
  additionalProperties: true,
}
