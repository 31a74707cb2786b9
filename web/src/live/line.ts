// One connection to the server's stream: opens, listens, notices silence, comes back with jitter, gives up when told.
import { backoff } from '../api/request';
import { type Frame, frameOf } from './frames';
import { calmly } from './pace';
import { sseReader } from './sse';

export const SILENCE_MS = 45_000;
/** Browsers are sometimes wrong about being offline. */
const PROBE_MS = 15_000;

export type LineState =
  | { kind: 'connecting' }
  | { kind: 'open' }
  | { kind: 'waiting'; until: number }
  | { kind: 'offline' }
  | { kind: 'over'; status: number };

export interface LineEvents {
  /** `epoch.seq` of the event on screen; null where only the person's own part is wanted. */
  cursor(): string | null;
  frame(frame: Frame): void;
  state(state: LineState): void;
}

export interface Line {
  /** Come back now: the network or the person is here again. */
  nudge(): void;
  close(): void;
}

export function openLine(eventId: string | null, events: LineEvents): Line {
  const line = new Connection(eventId, events);
  void line.run();
  return line;
}

class Connection implements Line {
  private closed = false;
  private attempt = 0;
  private retryHint = 0;
  private heardAt = 0;
  private wake = () => {};
  private abort = new AbortController();

  constructor(
    private readonly eventId: string | null,
    private readonly events: LineEvents,
  ) {}

  async run(): Promise<void> {
    while (!this.closed) {
      this.events.state({ kind: 'connecting' });
      const status = await this.listen().catch(() => 0);
      if (this.closed) return;
      if (isFinal(status)) return this.finish(status);
      await this.rest();
    }
  }

  nudge(): void {
    if (this.heardAt && Date.now() - this.heardAt > SILENCE_MS) this.abort.abort();
    this.wake();
  }

  close(): void {
    this.closed = true;
    this.abort.abort();
    this.wake();
  }

  private finish(status: number): void {
    this.closed = true;
    this.events.state({ kind: 'over', status });
  }

  private async listen(): Promise<number> {
    this.abort = new AbortController();
    this.heardAt = Date.now();
    const watchdog = setInterval(() => {
      if (Date.now() - this.heardAt > SILENCE_MS) this.abort.abort();
    }, 5_000);
    const cut = () => this.abort.abort();
    addEventListener('offline', cut);
    try {
      return await this.read();
    } finally {
      removeEventListener('offline', cut);
      clearInterval(watchdog);
    }
  }

  private async read(): Promise<number> {
    const response = await fetch(this.address(), {
      headers: { Accept: 'text/event-stream' },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: this.abort.signal,
    });
    if (response.status !== 200 || !response.body) return response.status;
    this.events.state({ kind: 'open' });
    const reader = sseReader(
      (raw) => this.deliver(frameOf(raw)),
      (ms) => {
        this.retryHint = ms;
      },
    );
    await this.pump(response.body, (text) => calmly(() => reader.push(text)));
    return 200;
  }

  private address(): string {
    const cursor = this.events.cursor();
    if (!this.eventId || cursor === null) return '/api/me/stream';
    return `/api/me/stream?event=${this.eventId}&last_event_id=${encodeURIComponent(cursor)}`;
  }

  private async pump(body: ReadableStream<Uint8Array>, push: (text: string) => void): Promise<void> {
    const source = body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await source.read();
      if (done || this.closed) return;
      this.heardAt = Date.now();
      push(decoder.decode(value, { stream: true }));
    }
  }

  private deliver(frame: Frame | null): void {
    if (!frame) return;
    this.attempt = 0;
    this.events.frame(frame);
  }

  private async rest(): Promise<void> {
    if (!navigator.onLine) {
      this.events.state({ kind: 'offline' });
      return this.sleep(PROBE_MS);
    }
    const ms = this.retryHint ? this.retryHint * (0.7 + Math.random() * 0.6) : backoff(this.attempt, 400);
    this.retryHint = 0;
    this.attempt++;
    this.events.state({ kind: 'waiting', until: Date.now() + ms });
    return this.sleep(ms);
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((done) => {
      const timer = setTimeout(done, ms);
      this.wake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}

const isFinal = (status: number) => status === 204 || status === 401 || status === 403 || status === 404;
