import { appStats } from './app-stats.ts'
import { createApp } from './create-app.ts'
import { createTemplate } from './create-template.ts'
import { deleteApp } from './delete-app.ts'
import { deleteTemplate } from './delete-template.ts'
import { getApp } from './get-app.ts'
import { getTemplate } from './get-template.ts'
import { listApps } from './list-apps.ts'
import { listTemplates } from './list-templates.ts'
import { previewTemplate } from './preview-template.ts'
import { rotateAppKey } from './rotate-app-key.ts'
import { updateApp } from './update-app.ts'
import { updateTemplate } from './update-template.ts'

export const platformOperations = {
  createApp,
  listApps,
  getApp,
  updateApp,
  deleteApp,
  rotateAppKey,
  appStats,
  createTemplate,
  listTemplates,
  getTemplate,
  updateTemplate,
  deleteTemplate,
  previewTemplate,
}
