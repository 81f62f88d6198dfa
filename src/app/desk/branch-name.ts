import { clockOf } from '../../picture'
import type { BranchInfo } from '../session/protocol'
import { words } from '../words'

/** What a branch is called: how it began, and when. */
export const branchName = ({ label, parent, at }: BranchInfo): string =>
  parent === undefined ? label : words.pair.from(label, clockOf(at))
