import { err, type Program } from './program'

/** The pause container: it holds a pod's namespaces. */
export const pause: Program = {
  name: 'pause',
  about: 'does nothing, and holds namespaces by being there',
  cpuMillis: 0,
  memoryBytes: 250_000,
  signal: (signal) =>
    signal === 'SIGTERM' || signal === 'SIGINT'
      ? {
          exit: 0,
          after: 1,
          print: [err(`Shutting down, got signal: ${signal === 'SIGTERM' ? 'Terminated' : 'Interrupt'}`)],
        }
      : 'ignored',
}
