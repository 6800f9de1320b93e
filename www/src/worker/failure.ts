/** The source itself could not be read, as opposed to its content being odd. */
export class ReadFailure extends Error {}
