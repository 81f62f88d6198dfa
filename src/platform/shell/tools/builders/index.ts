/**
 * What build steps run: package managers, compilers and their kin. What they leave is modelled by sizes, well-known commands and seconds; the
 * same sources give the same output. They work in containers as well.
 */
import type { Tool } from '../../tool'
import { accountTools } from './accounts'
import { compilerTools } from './compilers'
import { distributionTools } from './distribution'
import { gzipTools } from './gzip'
import { jar } from './jar'
import { nodeTools } from './node'
import { phpTools } from './php'
import { projectTools } from './projects'
import { pythonTools } from './python'
import { tar } from './tar'

const tools: readonly Tool[] = [
  ...distributionTools,
  ...accountTools,
  ...nodeTools,
  ...pythonTools,
  ...compilerTools,
  ...projectTools,
  tar,
  ...gzipTools,
  jar,
  ...phpTools,
]

/** Too many for the first picture: the terminal's room brings them with its own commands. */
export const builderTools: readonly Tool[] = tools.map((tool) => ({ ...tool, anywhere: true }))
