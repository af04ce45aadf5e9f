import { approveEnrolment } from './approve-enrolment.ts'
import { denyEnrolment } from './deny-enrolment.ts'
import { enroll } from './enroll.ts'
import { enrolmentStatus } from './enrolment-status.ts'
import { listEnrolments } from './list-enrolments.ts'
import { showEnrolment } from './show-enrolment.ts'

export const enrolmentOperations = {
  enroll,
  list: listEnrolments,
  show: showEnrolment,
  approve: approveEnrolment,
  deny: denyEnrolment,
  status: enrolmentStatus,
}
