// Where intentions wait: IndexedDB, or memory where the browser refuses it (private windows).
import type { Intention } from './intention';

export interface Shelf {
  all(): Promise<Intention[]>;
  put(intention: Intention): Promise<void>;
  remove(key: string): Promise<void>;
}

const STORE = 'intentions';

export async function openShelf(): Promise<Shelf> {
  try {
    return databaseShelf(await openDatabase());
  } catch {
    return memoryShelf();
  }
}

export function memoryShelf(): Shelf {
  const kept = new Map<string, Intention>();
  return {
    all: async () => [...kept.values()],
    put: async (intention) => void kept.set(intention.key, intention),
    remove: async (key) => void kept.delete(key),
  };
}

function databaseShelf(database: IDBDatabase): Shelf {
  const store = (mode: IDBTransactionMode) => database.transaction(STORE, mode).objectStore(STORE);
  return {
    all: () => answer<Intention[]>(store('readonly').getAll()),
    put: async (intention) => void (await answer(store('readwrite').put(intention))),
    remove: async (key) => void (await answer(store('readwrite').delete(key))),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open('assent', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: 'key' });
  return answer(opening);
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
