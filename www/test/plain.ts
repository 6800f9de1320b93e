/** The narrow space between a figure and its unit, as one that can be read in a test. */
export const plain = (text: string): string => text.replaceAll("\u202f", " ");
