/** Numbers of Linux' signals on x86-64. */
export const signalNumbers: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGSTKFLT: 16,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
}

const names = new Map(Object.entries(signalNumbers).map(([name, number]) => [number, name]))

/** `TERM`, `sigterm`, `15` → `SIGTERM`; undefined: there is no such signal. */
export function signalName(text: string): string | undefined {
  if (/^\d+$/.test(text)) return names.get(Number(text))
  const name = text.toUpperCase()
  const full = name.startsWith('SIG') ? name : `SIG${name}`
  return signalNumbers[full] === undefined ? undefined : full
}

/** Exit code of a process that a signal ended: 128 and its number. */
export const signalExit = (name: string): number => 128 + (signalNumbers[name] ?? 0)

const harmless: ReadonlySet<string> = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'])

/** Whether the default action ends a process. */
export const isDeadly = (name: string): boolean => !harmless.has(name) && name !== 'SIGSTOP' && name !== 'SIGTSTP'
