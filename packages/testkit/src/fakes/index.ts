export {
  type Assertion,
  type Attestation,
  type FakeAuthenticator,
  type FakeAuthenticatorOptions,
  fakeAuthenticator,
} from './authenticator.ts'
export { appCode } from './authenticator-app.ts'
export { type FakeBitcoin, startFakeBitcoin } from './bitcoin.ts'
export {
  type BundlerFault,
  type FakeBundler,
  type FakeBundlerOptions,
  fakeBundler,
  type ServedBundler,
  startFakeBundler,
} from './bundler.ts'
export { type FakeCardano, startFakeCardano } from './cardano.ts'
export { type FakeChain, type FakeChainOptions, startFakeChain } from './chain.ts'
export { type FakeDevice, fakeDevice } from './device.ts'
export { type FacilitatorFault, type FakeFacilitator, faultyFacilitator, startFakeFacilitator } from './facilitator.ts'
export { type FakeIssuer, type FakeIssuerOptions, type Person, type Spoiled, startFakeIssuer } from './issuer.ts'
export { loopbackEgress } from './loopback-egress.ts'
export { type FakeModel, type FakeModelOptions, type HeardRequest, startFakeModel } from './model.ts'
export { type FakeMoney, type FakeMoneyOptions, fakeMoney } from './money.ts'
export { type FakeSolana, startFakeSolana } from './solana.ts'
export { type FakeStripe, type StripeRequest, startFakeStripe } from './stripe.ts'
export { type FakeTron, startFakeTron } from './tron.ts'
export { type FakeXrp, startFakeXrp } from './xrp.ts'
