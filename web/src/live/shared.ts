// One stream per browser and event: the tab that holds the lock listens and tells the others.
// Browsers allow six connections per host under HTTP/1.1; a seventh tab must not hang.
import { type EventFrame, isPersonal } from './frames';
import { type Line, type LineEvents, type LineState, openLine, SILENCE_MS } from './line';
import { canShare, locks } from './locks';
import { calmly } from './pace';
import { passOn } from './personal';

type Told = { frame: EventFrame } | { state: LineState } | { hello: true };

export interface EventLineEvents extends Omit<LineEvents, 'frame'> {
  frame(frame: EventFrame): void;
  /** What a tab that comes later must be told, because no frame brings it again. */
  greeting(): EventFrame[];
}

export const openSharedLine = (eventId: string, events: EventLineEvents): Line =>
  new SharedLine(eventId, events);

class SharedLine implements Line {
  private readonly name: string;
  private readonly channel: BroadcastChannel | null;
  private own: Line | null = null;
  private ownState: LineState = { kind: 'connecting' };
  private heardAt = Date.now();
  private closed = false;
  private leave = () => {};
  private readonly watchdog: ReturnType<typeof setInterval>;

  constructor(
    private readonly eventId: string,
    private readonly events: EventLineEvents,
  ) {
    this.name = `assent:line:${eventId}`;
    this.channel = canShare() ? new BroadcastChannel(this.name) : null;
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<Told>) => this.told(data);
    this.watchdog = setInterval(() => this.checkLeader(), 5_000);
    this.stand({});
    this.tell({ hello: true });
  }

  nudge(): void {
    this.own?.nudge();
    this.checkLeader();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watchdog);
    this.stopLeading();
    this.channel?.close();
  }

  private stand(options: { steal?: boolean }): void {
    locks()
      .request(this.name, options, () => this.lead())
      .catch(() => this.follow());
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
        if (isPersonal(frame, this.eventId)) return passOn({ frame });
        if (frame.type === 'heartbeat') passOn({ frame });
        this.tell({ frame });
        this.events.frame(frame);
      },
      state: (state) => {
        this.ownState = state;
        this.tell({ state });
        passOn({ state });
        this.events.state(state);
      },
    });
    return new Promise((done) => {
      this.leave = done;
    });
  }

  private tell(told: Told): void {
    this.channel?.postMessage(told);
  }

  private stopLeading(): void {
    this.own?.close();
    this.own = null;
    this.leave();
  }

  private told(message: Told): void {
    if (this.closed) return;
    if ('hello' in message) this.greet();
    else if (!this.own || isFarewell(message)) this.heard(message);
  }

  private heard(message: Exclude<Told, { hello: true }>): void {
    this.heardAt = Date.now();
    calmly(() => {
      if ('frame' in message) this.events.frame(message.frame);
      else this.events.state(message.state);
    });
  }

  private greet(): void {
    if (!this.own) return;
    this.tell({ state: this.ownState });
    for (const frame of this.events.greeting()) this.tell({ frame });
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
