import { version } from '../version.ts'

// What the server sends a client that connects. The bridge sends it too, before it knows whether there is a vault.

export const serverInfo = { name: 'pawl', title: 'Pawl', version }

export const capabilities = { tools: {}, resources: {} }

export const instructions =
  'Secrets of a vault that its policies let you use. Find them with list_secrets and describe_secret. Get a value right ' +
  'before you use it. Never repeat it in an answer, a summary or a file. If access is denied, a human can allow it.'
