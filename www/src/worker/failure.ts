/** The source itself could not be read, as opposed to its content being odd. */
export class ReadFailure extends Error {}

/** What was read cannot be unpacked any further. */
export class DamagedFile extends Error {}
