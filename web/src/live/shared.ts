// One stream per browser and event: the tab that holds the lock listens and tells the others.
// Browsers allow six connections per host under HTTP/1.1; a seventh tab must not hang.
import type { Frame } from './frames';
import { type Line, type LineEvents, type LineState, openLine, SILENCE_MS } from './line';
import { calmly } from './pace';

type Told = { frame: Frame } | { state: LineState } | { hello: true };

const canShare = () => 'locks' in navigator && 'BroadcastChannel' in globalThis;

export function openSharedLine(eventId: string, events: LineEvents): Line {
  return canShare() ? new SharedLine(eventId, events) : openLine(eventId, events);
}

class SharedLine implements Line {
  private readonly name: string;
  private readonly channel: BroadcastChannel;
  private own: Line | null = null;
  private ownState: LineState = { kind: 'connecting' };
  private heardAt = Date.now();
  private closed = false;
  private leave = () => {};
  private readonly watchdog: ReturnType<typeof setInterval>;

  constructor(
    private readonly eventId: string,
    private readonly events: LineEvents,
  ) {
    this.name = `assent:line:${eventId}`;
    this.channel = new BroadcastChannel(this.name);
    this.channel.onmessage = ({ data }: MessageEvent<Told>) => this.told(data);
    this.watchdog = setInterval(() => this.checkLeader(), 5_000);
    this.stand({});
    this.channel.postMessage({ hello: true } satisfies Told);
  }

  nudge(): void {
    this.own?.nudge();
    this.checkLeader();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watchdog);
    this.stopLeading();
    this.channel.close();
  }

  private stand(options: LockOptions): void {
    navigator.locks.request(this.name, options, () => this.lead()).catch(() => this.follow());
  }

  /** Another tab took the lead: listen to it, and stand in line again. */
  private follow(): void {
    if (this.closed) return;
    this.stopLeading();
    this.stand({});
  }

  private lead(): Promise<void> {
    if (this.closed) return Promise.resolve();
    this.own = openLine(this.eventId, {
      cursor: () => this.events.cursor(),
      frame: (frame) => {
        this.channel.postMessage({ frame } satisfies Told);
        this.events.frame(frame);
      },
      state: (state) => this.tell(state),
    });
    return new Promise((done) => {
      this.leave = done;
    });
  }

  private tell(state: LineState): void {
    this.ownState = state;
    this.channel.postMessage({ state } satisfies Told);
    this.events.state(state);
  }

  private stopLeading(): void {
    this.own?.close();
    this.own = null;
    this.leave();
  }

  private told(message: Told): void {
    if (this.closed) return;
    if ('hello' in message) {
      if (this.own) this.channel.postMessage({ state: this.ownState } satisfies Told);
      return;
    }
    if (this.own && !isFarewell(message)) return;
    this.heardAt = Date.now();
    calmly(() => {
      if ('frame' in message) this.events.frame(message.frame);
      else this.events.state(message.state);
    });
  }

  /** A leader that is frozen or stuck holds its lock for ever: after long silence it is taken over. */
  private checkLeader(): void {
    if (this.own || this.closed || Date.now() - this.heardAt < SILENCE_MS * 1.5) return;
    this.heardAt = Date.now();
    this.stand({ steal: true });
  }
}

/** The lock may pass on before the last words of the tab that held it arrive. */
const isFarewell = (message: Told): boolean => 'frame' in message && message.frame.type === 'revoked';
