import { createDestination } from './create-destination.ts'
import { exportDestination } from './export-destination.ts'
import { getDestination } from './get-destination.ts'
import { listDestinations } from './list-destinations.ts'
import { updateDestination } from './update-destination.ts'

export const depositOperations = {
  create: createDestination,
  list: listDestinations,
  get: getDestination,
  update: updateDestination,
  export: exportDestination,
}
