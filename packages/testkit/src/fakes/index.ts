export { type FakeChain, type FakeChainOptions, startFakeChain } from './chain.ts'
export { type FakeIssuer, type FakeIssuerOptions, type Person, type Spoiled, startFakeIssuer } from './issuer.ts'
export { loopbackEgress } from './loopback-egress.ts'
export { type FakeModel, type FakeModelOptions, type HeardRequest, startFakeModel } from './model.ts'
