import { type Context, signedIn } from '../../operations/index.ts'
import { destinationNotFound } from './errors.ts'
import { type Destination, destinationKind } from './records.ts'

/** A destination that the caller owns. Every other one does not exist for the caller. */
export function ownDestination(context: Context, id: string): Destination {
  const destination = context.unit.require(destinationKind, id, destinationNotFound)
  const { kind, id: callerId } = signedIn(context)
  const { createdBy } = destination
  if (createdBy.kind !== kind || createdBy.id !== callerId) throw destinationNotFound()
  return destination
}
