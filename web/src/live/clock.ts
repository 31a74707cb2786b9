// The server's clock as seen from here. People's phones are wrong by minutes; what is shown must not be.
import { signal } from '@preact/signals';

const SAMPLES = 30;
let fastestRoundTrip = Number.POSITIVE_INFINITY;
let offsets: number[] = [];

/** Milliseconds that this device is ahead of the server; 0 until something has been heard. */
export const skew = signal(0);
/** Milliseconds from the server's commit to this screen, for the newest change; null before the first. */
export const lastDelay = signal<number | null>(null);

export function observeRoundTrip(ms: number): void {
  fastestRoundTrip = Math.min(fastestRoundTrip, ms);
}

/** A message stamped `at` arrived now. The quickest of the last ones tells the offset of the clocks. */
export function observeMessage(at: string, now = Date.now()): void {
  const sent = Date.parse(at);
  if (Number.isNaN(sent)) return;
  offsets = [...offsets, now - sent].slice(-SAMPLES);
  skew.value = Math.min(...offsets) - travel();
  lastDelay.value = Math.max(0, now - sent - skew.value);
}

/** Read, not followed: every message moves it a little. */
export const serverNow = (now = Date.now()): number => now - skew.peek();

/** Follow this to show times that age while nothing happens. */
export const tick = signal(0);
const TICK_MS = 20_000;
setInterval(() => {
  tick.value++;
}, TICK_MS);

export function forgetClock(): void {
  offsets = [];
  fastestRoundTrip = Number.POSITIVE_INFINITY;
  skew.value = 0;
  lastDelay.value = null;
}

function travel(): number {
  return Number.isFinite(fastestRoundTrip) ? fastestRoundTrip / 2 : 0;
}
