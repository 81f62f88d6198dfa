/** A place for texts under names that outlives the page. Every promise may be refused: storage can be full, forbidden or gone. */
export interface Shelf {
  /** Of one session, or of all. */
  all(id?: string): Promise<readonly Slip[]>
  put(slip: Slip): Promise<void>
  remove(places: readonly string[]): Promise<void>
}

/** One text on the shelf: its place, how often that session had been kept by then, and a sum over the text. */
export interface Slip {
  readonly place: string
  readonly serial: number
  readonly sum: number
  readonly text: string
}

const OPENS_WITHIN = 2_000

/** The browser's own storage; undefined where it has none, forbids it, or does not answer. */
export async function openShelf(): Promise<Shelf | undefined> {
  try {
    const opening = indexedDB.open('drydock', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('sessions', { keyPath: 'place' })
    const patience = new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), OPENS_WITHIN))
    const database = await Promise.race([done(opening), patience])
    if (!database) return undefined
    // Another version of the page may want to change the form: it is not kept waiting.
    database.onversionchange = () => database.close()
    return shelfIn(database)
  } catch {
    return undefined
  }
}

function shelfIn(database: IDBDatabase): Shelf {
  const act = async (deed: (slips: IDBObjectStore) => void): Promise<void> => {
    const transaction = database.transaction('sessions', 'readwrite', { durability: 'strict' })
    const written = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      transaction.onerror = () => reject(transaction.error)
    })
    deed(transaction.objectStore('sessions'))
    return written
  }
  return {
    all: (id) =>
      done(
        database
          .transaction('sessions')
          .objectStore('sessions')
          .getAll(id === undefined ? null : IDBKeyRange.bound(`${id}/`, `${id}/~`)),
      ),
    put: (slip) => act((slips) => void slips.put(slip)),
    remove: (places) =>
      act((slips) => {
        for (const place of places) slips.delete(place)
      }),
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
