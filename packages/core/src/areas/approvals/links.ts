import type { Settings } from '../../operations/index.ts'

export const linkPurpose = 'approval'

/** Where a person decides without a sign-in. A browser that opens it gets a page, which decides nothing before a click. */
export function linkUrl({ publicUrl }: Server, token: string): string {
  return `${publicUrl}/v1/approvals/quick-decide?token=${token}`
}

/** Where a person decides after a sign-in. */
export function pageUrl({ publicUrl }: Server, approvalId: string): string {
  return `${publicUrl}/v1/approvals/${approvalId}`
}

type Server = Pick<Settings, 'publicUrl'>
