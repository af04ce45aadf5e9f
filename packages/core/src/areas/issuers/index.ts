import { area } from '../../operations/index.ts'

export { issuerUnavailable } from './errors.ts'
export { fetchJson, httpOk } from './fetch-json.ts'
export { type Expected, type ExpectedOfKeys, issuers, type Verified } from './issuers.ts'
export type { IssuerMetadata } from './metadata.ts'

/** Other services whose tokens say who a person or an agent is (OpenID Connect). */
export const issuersArea = area({ name: 'issuers', operations: {} })
