import type { Tool } from '../../tool'
import { folder, jobTool, textFile, textOf, wordsOf } from './job'

/** `useradd`, `adduser` and their kin write /etc/passwd and /etc/group. */
const addUser = (name: string): Tool =>
  jobTool(name, 'adds a user', (call) => {
    const isSmall =
      name === 'adduser' &&
      (textOf(call, '/etc/alpine-release') !== undefined || call.files.entry('/bin/busybox') !== undefined)
    const valued = isSmall
      ? ['-h', '-g', '-s', '-G', '-u', '-k']
      : [
          '-u',
          '--uid',
          '-g',
          '--gid',
          '-G',
          '--groups',
          '-d',
          '--home-dir',
          '--home',
          '-s',
          '--shell',
          '-c',
          '--comment',
          '--gecos',
          '--ingroup',
          '-b',
          '-k',
          '-p',
          '--password',
        ]
    const { flags, values, rest } = wordsOf(call.argv.slice(1), valued)
    const user = rest[0]
    if (user === undefined) return [{ millis: 5, error: `Usage: ${name} [options] LOGIN\n`, exit: 2 }]
    const passwd = textOf(call, '/etc/passwd') ?? ''
    const groups = textOf(call, '/etc/group') ?? ''
    const lineOf = (text: string, key: string) =>
      text
        .split('\n')
        .map((line) => line.split(':'))
        .find(([own, , id]) => own === key || id === key)
    if (isSmall && rest[1] !== undefined) {
      const next = groups
        .split('\n')
        .map((line) => (line.startsWith(`${rest[1]}:`) ? `${line}${line.endsWith(':') ? '' : ','}${user}` : line))
        .join('\n')
      return [{ millis: 10, effect: (now) => textFile(now, '/etc/group', next) }]
    }
    if (lineOf(passwd, user)?.[0] === user)
      return [
        {
          millis: 10,
          error: isSmall ? `adduser: user '${user}' in use\n` : `${name}: user '${user}' already exists\n`,
          exit: isSmall ? 1 : 9,
        },
      ]
    const system = flags.has('-S') || flags.has('-r') || flags.has('--system')
    const taken = new Set(passwd.split('\n').map((line) => line.split(':')[2]))
    let uid = Number(values.get('-u') ?? values.get('--uid') ?? (system ? (isSmall ? 100 : 999) : 1000))
    if (!values.has('-u') && !values.has('--uid')) while (taken.has(String(uid))) uid += system && !isSmall ? -1 : 1
    const wanted = isSmall ? values.get('-G') : (values.get('-g') ?? values.get('--gid') ?? values.get('--ingroup'))
    const group = wanted === undefined ? undefined : lineOf(groups, wanted)
    if (wanted !== undefined && !group)
      return [
        {
          millis: 10,
          error: isSmall ? `adduser: unknown group ${wanted}\n` : `${name}: group '${wanted}' does not exist\n`,
          exit: isSmall ? 1 : 6,
        },
      ]
    const gid = group ? Number(group[2]) : isSmall && system ? 65_533 : uid
    const home =
      (isSmall ? values.get('-h') : (values.get('-d') ?? values.get('--home-dir') ?? values.get('--home'))) ??
      `/home/${user}`
    const shell =
      values.get('-s') ?? values.get('--shell') ?? (isSmall ? (system ? '/sbin/nologin' : '/bin/ash') : '/bin/sh')
    const makesHome = isSmall
      ? !flags.has('-H')
      : name === 'adduser'
        ? !flags.has('--no-create-home')
        : flags.has('-m') || flags.has('--create-home')
    return [
      {
        millis: 30,
        effect: (now) => {
          textFile(now, '/etc/passwd', `${passwd}${user}:x:${uid}:${gid}::${home}:${shell}\n`)
          if (!group && !(isSmall && system)) textFile(now, '/etc/group', `${groups}${user}:x:${gid}:\n`)
          if (!makesHome || now.files.stat(home)) return
          folder(now, home)
          const made = now.files.entry(home)
          if (made) now.files.put(home, { ...made, uid, gid })
        },
      },
    ]
  })

const addGroup = (name: string): Tool =>
  jobTool(name, 'adds a group', (call) => {
    const { flags, values, rest } = wordsOf(call.argv.slice(1), ['-g', '--gid'])
    const [group, extra] = [rest.at(-1), rest.length > 1]
    if (group === undefined) return [{ millis: 5, error: `Usage: ${name} [options] GROUP\n`, exit: 2 }]
    const groups = textOf(call, '/etc/group') ?? ''
    if (extra) return [{ millis: 5 }]
    if (groups.split('\n').some((line) => line.startsWith(`${group}:`)))
      return [
        {
          millis: 5,
          error:
            name === 'addgroup' ? `addgroup: group '${group}' in use\n` : `${name}: group '${group}' already exists\n`,
          exit: name === 'addgroup' ? 1 : 9,
        },
      ]
    const taken = new Set(groups.split('\n').map((line) => line.split(':')[2]))
    const system = flags.has('-S') || flags.has('-r') || flags.has('--system')
    let gid = Number(values.get('-g') ?? values.get('--gid') ?? (system ? 101 : 1000))
    if (!values.has('-g') && !values.has('--gid')) while (taken.has(String(gid))) gid++
    return [{ millis: 10, effect: (now) => textFile(now, '/etc/group', `${groups}${group}:x:${gid}:\n`) }]
  })

export const accountTools: readonly Tool[] = [
  addUser('useradd'),
  addUser('adduser'),
  addGroup('groupadd'),
  addGroup('addgroup'),
]
