/** Fixed limits of the engine. Each name contains the unit. */
export const limits = {
  keyBytesMax: 1_024,
  bodyBytesMax: 8 * 1024 * 1024,
  batchRowsMax: 100,
  /** Rows that one call reads from the store before others get a turn. */
  rowsPerTurnMax: 250,

  pathBytesMax: 512,
  nameCharactersMax: 255,
  descriptionCharactersMax: 4_096,
  metadataBytesMax: 64 * 1024,
  secretBytesMax: 5 * 1024 * 1024,

  retryCountMax: 64,
  /** How often a unit begins again because something was not in memory. */
  runsOfUnitMax: 5_000,
  wrapsPerKeyMax: Math.floor(2 ** 32 * 0.9),
} as const
