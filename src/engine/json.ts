/** Plain data: what objects, messages and inputs are made of. No functions, no class instances, no cycles. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Whole milliseconds of simulated time since the lab began. */
export type Millis = number

/** The number of a Change in the log; 0 is "before everything". */
export type Revision = number
