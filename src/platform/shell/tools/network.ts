import type { Tool } from '../tool'
import { curl } from './curl'
import { mysqladmin, pgIsReady, psql, redisCli } from './database-clients'
import { nc } from './nc'
import { nslookup } from './nslookup'
import { ping } from './ping'
import { wget } from './wget'

/** The commands that speak with the network; one file each. */
export const networkTools: readonly Tool[] = [curl, wget, ping, nslookup, nc, redisCli, pgIsReady, psql, mysqladmin]
