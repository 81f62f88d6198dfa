import type { Json } from '../../../engine/json'
import { splitDomain } from '../../../platform/image/reference'
import { fail } from '../../cli/failure'
import { bool, text } from '../../cli/flags'
import type { Command } from '../command'
import { packed, readAuths, serverKey, writeAuths } from '../credentials'
import { isRefusal, type Run, refusalText } from '../run'

/** `registry.lab:5000`, `https://index.docker.io/v1/` → the registry's domain. */
function domainOf(server: string | undefined): string {
  if (server === undefined || server === '') return 'docker.io'
  const plain = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '')
  return ['index.docker.io', 'registry-1.docker.io', 'docker.io', 'hub.docker.com'].includes(plain)
    ? 'docker.io'
    : splitDomain(`${plain}/x`).domain === 'docker.io'
      ? plain
      : plain
}

function passwordOf(run: Run): string {
  if (run.on('password-stdin')) {
    if (!run.given('username')) return fail('Must provide --username with --password-stdin')
    return run.loop<Json, string>(null, () => {
      const { text: given, ended } = run.takeInput()
      return ended || given.includes('\n')
        ? { done: given.replace(/\r?\n$/, '') }
        : { wait: { input: true }, state: null }
    })
  }
  if (run.given('password')) {
    run.error('WARNING! Using --password via the CLI is insecure. Use --password-stdin.\n')
    return run.value('password')!
  }
  return ''
}

/** One line that somebody types. */
function asked(run: Run, question: string): string {
  if (!run.call.terminal) return fail('Error: Cannot perform an interactive login from a non TTY device')
  run.print(question)
  return run.loop<Json, string>('', (before) => {
    const all = `${before as string}${run.takeInput().text}`
    const end = all.indexOf('\n')
    return end >= 0 ? { done: all.slice(0, end) } : { wait: { input: true }, state: all }
  })
}

export const login: Command = {
  name: 'login',
  about: 'Authenticate to a registry',
  usage: '[OPTIONS] [SERVER]',
  more: 'Defaults to Docker Hub if no server is specified.',
  most: 1,
  flags: [
    text('password', 'Password or Personal Access Token (PAT)', { short: 'p' }),
    bool('password-stdin', 'Take the Password or Personal Access Token (PAT) from stdin'),
    text('username', 'Username', { short: 'u' }),
  ],
  run(run) {
    if (run.given('password') && run.on('password-stdin'))
      return fail('--password and --password-stdin are mutually exclusive')
    const domain = domainOf(run.args[0])
    const given = passwordOf(run)
    const user = run.value('username') ?? asked(run, 'Username: ')
    if (user.trim() === '') return fail('Error: Non-null Username Required')
    const password =
      given === '' && !run.on('password-stdin') && !run.given('password') ? asked(run, 'Password: ') : given
    if (password === '') return fail('Error: Password Required')
    const body = { username: user, password, serveraddress: domain }
    const reply = run.try({ method: 'POST', path: '/auth', body })
    if (isRefusal(reply)) {
      if (domain === 'docker.io') run.notice('In this lab Docker Hub knows one account: you, with the password secret.')
      return fail(refusalText(reply))
    }
    const path = run.loop<Json, string>(null, () => ({
      done: writeAuths(run.call, { ...readAuths(run.call), [serverKey(domain)]: { auth: packed(user, password) } }),
    }))
    run.error(
      `\nWARNING! Your credentials are stored unencrypted in '${path}'.\nConfigure a credential helper to remove this warning. See\nhttps://docs.docker.com/go/credential-store/\n\n`,
    )
    run.print('Login Succeeded\n')
    return 0
  },
}

export const logout: Command = {
  name: 'logout',
  about: 'Log out from a registry',
  usage: '[SERVER]',
  more: 'If no server is specified, the default is defined by the daemon.',
  most: 1,
  run(run) {
    const key = serverKey(domainOf(run.args[0]))
    const known = run.loop<Json, boolean>(null, () => {
      const { [key]: own, ...others } = readAuths(run.call)
      if (own) writeAuths(run.call, others)
      return { done: own !== undefined }
    })
    run.print(known ? `Removing login credentials for ${key}\n` : `Not logged in to ${key}\n`)
    return 0
  },
}
