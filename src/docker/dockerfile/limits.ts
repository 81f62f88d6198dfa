/** What a hostile Dockerfile may ask for at most. Only the first is a limit of the real builder. */
export const LINE_MOST = 65_535
export const TEXT_MOST = 1 << 20
export const EXPANDED_MOST = 1 << 20
export const NESTING_MOST = 200
export const MATCH_WORK_MOST = 20_000_000
export const INSTRUCTIONS_MOST = 5_000
export const VARIABLES_MOST = 2_000
export const EXPANDED_TOTAL_MOST = 16 << 20
