import { bring } from '../src/terminal/bring'
import { late } from '../src/terminal/late'

bring(late)
