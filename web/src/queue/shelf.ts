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
  return {
    all: () => answer<Intention[]>(database.transaction(STORE).objectStore(STORE).getAll()),
    put: (intention) => write(database, (store) => store.put(intention)),
    remove: (key) => write(database, (store) => store.delete(key)),
  };
}

/** Done when it is committed: what was only asked for is lost with the page. */
function write(database: IDBDatabase, change: (store: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const writing = database.transaction(STORE, 'readwrite');
    writing.oncomplete = () => resolve();
    writing.onabort = () => reject(writing.error);
    change(writing.objectStore(STORE));
  });
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
