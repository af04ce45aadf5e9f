import { version } from '../version.ts'

// What a client is told when it connects. The bridge says it as well, before it knows whether there is a vault.

export const serverInfo = { name: 'pawl', title: 'Pawl', version }

export const capabilities = { tools: {}, resources: {} }

export const instructions =
  'Secrets of a vault, as far as its policies let you. Look with list_secrets and describe_secret. Read a value right ' +
  'before it is used, and repeat it in no answer, no summary and no file. What is denied, a human can allow.'
