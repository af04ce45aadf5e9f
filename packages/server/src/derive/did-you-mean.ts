export { didYouMean, nearest } from '@pawl/core/surfaces'
