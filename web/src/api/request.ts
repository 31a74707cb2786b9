// The one door to the server: cookie session, an idempotency key on every write, problem documents as typed errors.
import { observeRoundTrip } from '../live/clock';
import { newKey } from './key';
import { Problem, problemOf, Unreachable } from './problem';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Options {
  body?: unknown;
  /** Given by whoever wants to send the very same request again later. */
  key?: string;
  /** How often a busy or silent server is asked again, with the same key. */
  retries?: number;
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  const init = requestInit(method, options);
  for (let attempt = 0; ; attempt++) {
    try {
      return await send<T>(path, init);
    } catch (error) {
      if (attempt >= (options.retries ?? 2) || !worthRepeating(error)) throw error;
      await pause(delayBefore(attempt, error));
    }
  }
}

export const get = <T>(path: string) => request<T>('GET', path);

/** Full jitter: a hall of people never comes back in the same instant. */
export function backoff(attempt: number, baseMs = 500, capMs = 15_000): number {
  return Math.min(capMs, baseMs * 2 ** attempt) * (0.5 + Math.random() / 2);
}

export const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

function requestInit(method: Method, { body, key }: Options): RequestInit {
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['Idempotency-Key'] = key ?? newKey();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  return {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const started = performance.now();
  const response = await fetch(`/api${path}`, { ...init, signal: AbortSignal.timeout(20_000) }).catch(() => {
    throw new Unreachable();
  });
  observeRoundTrip(performance.now() - started);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return response.json().catch(() => {
    throw new Unreachable();
  });
}

function worthRepeating(error: unknown): boolean {
  if (error instanceof Unreachable) return navigator.onLine;
  return error instanceof Problem && error.passing && error.status !== 429;
}

/** As long as the server asks for, and then as after any failure. */
export function delayBefore(attempt: number, error: unknown): number {
  const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  return asked + backoff(attempt);
}
