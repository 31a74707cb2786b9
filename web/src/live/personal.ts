// A person's own part of the stream. The line of an event brings it along; where no tab of this browser looks at
// an event, one tab opens a line for it alone. It is the same part on every line, and folded once.
import type { EventFrame, PersonalFrame } from './frames';
import { type Line, type LineState, openLine, SILENCE_MS } from './line';
import { canShare, locks } from './locks';
import { calmly } from './pace';

export type Heard = PersonalFrame | Extract<EventFrame, { type: 'heartbeat' | 'revoked' }>;

export interface PersonalEvents {
  frame(frame: Heard): void;
  state(state: LineState): void;
  /** All that is known, for a tab that comes later. */
  greeting(): unknown;
  greeted(known: unknown): void;
}

type News = { frame: Heard } | { state: LineState };
type Told = News | { greeting: unknown } | { hello: true } | { alone: true } | { carried: true };

const LOCK = 'assent:personal';
/** Whoever opens a room says so first: the line of that room is enough. */
const ROOM_FIRST_MS = 150;

let current: Personal | null = null;
/** How many lines of events this tab looks at. */
let carried = 0;

export function openPersonal(userId: string, events: PersonalEvents): Line {
  current?.close();
  current = new Personal(userId, events);
  return current;
}

/** From the line of an event in this tab: to this tab and to the others. */
export const passOn = (news: News): void => current?.pass(news);

/** The line of an event brings it from now on: the lock is held with the others of its kind. */
export function carry(): () => void {
  carried++;
  let over = false;
  let putDown = () => {};
  const hold = () =>
    new Promise<void>((done) => {
      putDown = done;
      if (over) done();
    });
  const take = () => {
    if (!over) locks().request(LOCK, { mode: 'shared' }, hold).catch(take);
  };
  take();
  current?.makeWay();
  return () => {
    if (over) return;
    over = true;
    carried--;
    putDown();
  };
}

class Personal implements Line {
  private readonly channel: BroadcastChannel | null;
  private own: Line | null = null;
  private heardAt = Date.now();
  private closed = false;
  private leave = () => {};
  private readonly watchdog: ReturnType<typeof setInterval>;

  constructor(
    userId: string,
    private readonly events: PersonalEvents,
  ) {
    this.channel = canShare() ? new BroadcastChannel(`assent:me:${userId}`) : null;
    if (this.channel) this.channel.onmessage = ({ data }: MessageEvent<Told>) => this.told(data);
    this.watchdog = setInterval(() => this.checkLine(), 5_000);
    this.stand({});
    this.tell({ hello: true });
  }

  nudge(): void {
    this.own?.nudge();
    this.checkLine();
  }

  close(): void {
    this.closed = true;
    clearInterval(this.watchdog);
    this.stepDown();
    this.channel?.close();
  }

  makeWay(): void {
    this.yieldLine();
    this.tell({ carried: true });
  }

  pass(news: News): void {
    if (this.closed) return;
    this.tell(news);
    this.heard(news);
  }

  private stand(options: { steal?: boolean }): void {
    const again = () => this.closed || this.stand({});
    locks()
      .request(LOCK, options, () => this.lead())
      .then(again, () => {
        this.stepDown();
        again();
      });
  }

  /** Whoever has the lock for itself is the only line of this browser. */
  private async lead(): Promise<void> {
    await new Promise((done) => setTimeout(done, ROOM_FIRST_MS));
    if (this.closed || carried > 0) return;
    this.tell({ alone: true });
    this.own = openLine(null, {
      cursor: () => null,
      frame: (frame) => this.pass({ frame: frame as Heard }),
      state: (state) => this.pass({ state }),
    });
    await new Promise<void>((done) => {
      this.leave = done;
    });
  }

  private stepDown(): void {
    this.own?.close();
    this.own = null;
    this.leave();
  }

  private yieldLine(): void {
    if (this.own) this.stepDown();
  }

  private tell(told: Told): void {
    this.channel?.postMessage(told);
  }

  private told(message: Told): void {
    if (this.closed) return;
    if ('hello' in message) this.greet();
    else if ('alone' in message) this.objectToAlone();
    else if ('carried' in message) this.yieldLine();
    else calmly(() => this.heard(message));
  }

  private heard(message: News | { greeting: unknown }): void {
    this.heardAt = Date.now();
    if ('frame' in message) this.events.frame(message.frame);
    else if ('state' in message) this.events.state(message.state);
    else this.events.greeted(message.greeting);
  }

  private greet(): void {
    if (this.own || carried > 0) this.tell({ greeting: this.events.greeting() });
  }

  private objectToAlone(): void {
    if (carried > 0) this.tell({ carried: true });
  }

  /** A frozen tab holds its lock for ever: after long silence it is taken over. */
  private checkLine(): void {
    if (this.own || carried > 0 || this.closed || Date.now() - this.heardAt < SILENCE_MS * 1.5) return;
    this.heardAt = Date.now();
    this.stand({ steal: true });
  }
}
