import { passwordHash } from '../../registry/password'
import type { Tool } from '../tool'

/** Of the Apache server: a name with the hash of a password. `-Bbn NAME PASSWORD` prints it, without `n` it goes into a file. */
export const htpasswd: Tool = {
  name: 'htpasswd',
  about: 'makes entries of password files',
  takes: [40, 90],
  run(call) {
    const words = call.argv.slice(1)
    const flags = words.filter((word) => word.startsWith('-')).join('')
    const rest = words.filter((word) => !word.startsWith('-'))
    const [file, user, password] = flags.includes('n') ? [undefined, ...rest] : rest
    if (user === undefined || password === undefined || !flags.includes('b')) {
      call.printError(
        'Usage:\n\thtpasswd -b[cmBdpsDv] passwordfile username password\n\thtpasswd -nb[mBdps] username password\n',
      )
      return { exit: 2 }
    }
    const entry = `${user}:${passwordHash(user, password)}\n`
    if (file === undefined) {
      call.print(`${entry}\n`)
      return { exit: 0 }
    }
    const read = flags.includes('c') ? { text: '' } : call.files.read(file)
    if ('error' in read) {
      call.printError(`htpasswd: cannot modify file ${file}; use '-c' to create it\n`)
      return { exit: 1 }
    }
    const others = read.text.split('\n').filter((line) => line !== '' && !line.startsWith(`${user}:`))
    call.files.write(file, `${[...others, entry.trimEnd()].join('\n')}\n`)
    call.printError(`Adding password for user ${user}\n`)
    return { exit: 0 }
  },
}
