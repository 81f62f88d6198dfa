import type { Answer, Call, Calls } from './protocol'

type Arguments<Name extends keyof Calls> = Parameters<Calls[Name]>
type Result<Name extends keyof Calls> = Awaited<ReturnType<Calls[Name]>>

/** The page's side of the protocol. Calls are answered in the order they were made. */
export interface Client {
  call<Name extends keyof Calls>(name: Name, ...args: Arguments<Name>): Promise<Result<Name>>
  end(): void
}

interface Pending {
  readonly resolve: (value: any) => void
  readonly reject: (problem: Error) => void
}

/** The engine in a worker; where a worker cannot be had (a sandboxed frame), in the page itself in short slices. */
export async function openClient(): Promise<Client> {
  const worker = startWorker()
  if (worker) {
    const client = await workerClient(worker)
    if (client) return client
  }
  return pageClient()
}

function startWorker(): Worker | undefined {
  try {
    return new Worker(new URL('../../worker.ts', import.meta.url), { type: 'module', name: 'drydock' })
  } catch {
    return undefined // An opaque origin may not start workers: the page itself will do.
  }
}

/** Resolves to undefined when the worker's script cannot be loaded. */
function workerClient(worker: Worker): Promise<Client | undefined> {
  const waiting = new Map<number, Pending>()
  let last = 0
  worker.onmessage = (event: MessageEvent<Answer>) => settle(waiting, event.data)
  const call = (name: keyof Calls, args: readonly unknown[]) =>
    new Promise<any>((resolve, reject) => {
      const message: Call = { id: ++last, name, args }
      waiting.set(message.id, { resolve, reject })
      worker.postMessage(message)
    })
  const client: Client = { call: (name, ...args) => call(name, args), end: () => worker.terminate() }
  return new Promise((resolve) => {
    worker.onerror = () => resolve(undefined)
    // Any answer, even a refusal, shows that it runs.
    call('digest', []).then(
      () => resolve(client),
      () => resolve(client),
    )
  })
}

async function pageClient(): Promise<Client> {
  const { Host } = await import('./host')
  const host = new Host({ perFrame: 8 })
  let last = 0
  return {
    call: async (name, ...args) => {
      const answer = await host.answer({ id: ++last, name, args })
      if ('error' in answer) throw new Error(answer.error)
      return answer.value as any
    },
    end: () => undefined,
  }
}

function settle(waiting: Map<number, Pending>, answer: Answer): void {
  const pending = waiting.get(answer.id)
  if (!pending) return
  waiting.delete(answer.id)
  if ('error' in answer) pending.reject(new Error(answer.error))
  else pending.resolve(answer.value)
}
