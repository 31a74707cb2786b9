// Asks who is here, again and again while the server is away; then their waiting intentions go to the queue,
// and their own line is opened.
import { computed, effect, untracked } from '@preact/signals';
import { backoff, pause } from '../api/request';
import { startQueue } from '../queue/queue';
import { openMine } from './me';
import { user, whoAmI } from './session';

export async function startSession(): Promise<void> {
  effect(() => {
    if (user.value !== undefined) void startQueue(user.value?.id ?? null);
  });
  const who = computed(() => user.value?.id);
  effect(() => listenAs(who.value));
  for (let attempt = 0; user.value === undefined; attempt++) {
    await whoAmI().catch(() => pause(backoff(attempt, 700, 5_000)));
  }
}

/** One person's own line, until somebody else is here. */
function listenAs(userId: string | undefined): (() => void) | undefined {
  if (!userId) return;
  const line = untracked(() => openMine(userId));
  const nudge = () => document.visibilityState === 'visible' && line.nudge();
  addEventListener('online', nudge);
  document.addEventListener('visibilitychange', nudge);
  return () => {
    removeEventListener('online', nudge);
    document.removeEventListener('visibilitychange', nudge);
    line.close();
  };
}
