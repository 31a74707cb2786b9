// Asks who is here, again and again while the server is away, and hands the person's waiting intentions to the queue.
import { effect } from '@preact/signals';
import { backoff, pause } from '../api/request';
import { startQueue } from '../queue/queue';
import { user, whoAmI } from './session';

export async function startSession(): Promise<void> {
  effect(() => {
    if (user.value !== undefined) void startQueue(user.value?.id ?? null);
  });
  for (let attempt = 0; user.value === undefined; attempt++) {
    await whoAmI().catch(() => pause(backoff(attempt, 700, 5_000)));
  }
}
