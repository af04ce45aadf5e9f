/** The version of the engine, as health reports show it. A test keeps it equal to the package's. */
export const version = '0.1.0'
