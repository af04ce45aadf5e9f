import { defineError } from '../../kernel/errors.ts'

export const segmentNotFound = defineError(
  'audit_segment_not_found',
  'not_found',
  'The lane has no closed segment with this number. It may have been dropped. `pawl audit segments` lists them.',
)

export const segmentDiffers = defineError(
  'audit_segment_differs',
  'conflict',
  'The digest is not the digest of this segment. Export it again.',
)

export const copyNotProven = defineError(
  'audit_copy_not_proven',
  'conflict',
  'The proof is not the one of this segment. Export the segment, and compute the proof from all its blocks.',
)

export const eventsDropped = defineError(
  'audit_events_dropped',
  'gone',
  'Events after this cursor were dropped from the vault. Begin again without a cursor, or with `since`.',
)
