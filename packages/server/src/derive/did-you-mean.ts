export { didYouMean, nearest } from '@pawl/core/did-you-mean'
