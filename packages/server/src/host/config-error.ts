/** All that is wrong with a configuration, a line each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}
