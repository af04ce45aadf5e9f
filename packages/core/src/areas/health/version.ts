/** The version in health reports. A test compares it with the package. */
export const version = '0.1.0'
