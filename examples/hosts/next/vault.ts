import { ensureOwner, openPawl, readConfig } from '@pawl/server'

const kept = globalThis as { vault?: ReturnType<typeof open> }

/** Opened by the first request: while Next builds there is none, and while you develop it loads modules again and again. */
export function vault() {
  kept.vault ??= open()
  return kept.vault
}

/** PAWL_DATA_DIR and PAWL_OWNER_PASSWORD say where it is and who owns it. */
async function open() {
  const config = readConfig(process.env)
  const pawl = await openPawl(config)
  await ensureOwner(pawl, config)
  return pawl
}
