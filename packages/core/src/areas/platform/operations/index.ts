import { appStats } from './app-stats.ts'
import { createApp } from './create-app.ts'
import { deleteApp } from './delete-app.ts'
import { getApp } from './get-app.ts'
import { listApps } from './list-apps.ts'
import { rotateAppKey } from './rotate-app-key.ts'
import { updateApp } from './update-app.ts'

export const platformOperations = {
  createApp,
  listApps,
  getApp,
  updateApp,
  deleteApp,
  rotateAppKey,
  appStats,
}
