export { type FakeChain, type FakeChainOptions, startFakeChain } from './chain.ts'
export { loopbackEgress } from './loopback-egress.ts'
export { type FakeModel, type FakeModelOptions, type HeardRequest, startFakeModel } from './model.ts'
