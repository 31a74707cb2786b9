// Whether the person does anything at this device: in any tab of this browser.
import { signal } from '@preact/signals';

export const IDLE_AFTER_MS = 5 * 60_000;
const NOTED_EVERY_MS = 20_000;

export const idle = signal(false);

let notedAt = Number.NEGATIVE_INFINITY;
let timer: ReturnType<typeof setTimeout> | undefined;
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('assent:awake') : null;
if (tabs) tabs.onmessage = () => awake();

function awake(): void {
  idle.value = false;
  clearTimeout(timer);
  timer = setTimeout(() => {
    idle.value = true;
  }, IDLE_AFTER_MS);
}

function noted(): void {
  const now = performance.now();
  if (now - notedAt < NOTED_EVERY_MS && !idle.peek()) return;
  notedAt = now;
  awake();
  tabs?.postMessage('awake');
}

for (const deed of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'])
  addEventListener(deed, noted, { capture: true, passive: true });
awake();
