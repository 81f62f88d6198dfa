/** A template that cannot be read or carried out: client-go's words. Caught by `evaluateTemplate`. */
export class PathError extends Error {}
