// Who is using this browser. Null: nobody is signed in. Undefined: not asked yet.
import { signal } from '@preact/signals';
import { auth } from '../api/endpoints';
import { Problem } from '../api/problem';
import type { User } from '../api/types';

export const user = signal<User | null | undefined>(undefined);

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('assent:session') : null;
if (channel) channel.onmessage = () => void whoAmI();

export async function whoAmI(): Promise<User | null> {
  try {
    user.value = await auth.me();
  } catch (error) {
    if (!(error instanceof Problem && error.status === 401)) throw error;
    user.value = null;
  }
  return user.value ?? null;
}

/** This tab signed somebody in or out: the others ask again. */
export function signedIn(who: User | null): void {
  user.value = who;
  channel?.postMessage('changed');
}
