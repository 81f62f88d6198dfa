import { familiarForm, familiarName, type Reference } from '../../platform/image/reference'
import { pathMatch } from '../formats/pattern'

/** Whether `docker images PATTERN` shows an image: by its name with tag as people write it, or by the name alone. After FamiliarMatch. */
export const familiarMatch = (pattern: string, reference: Reference): boolean =>
  pathMatch(pattern, familiarForm(reference)) || pathMatch(pattern, familiarName(reference))
