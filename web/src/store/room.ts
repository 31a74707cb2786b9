// One event as this browser knows it: a snapshot, then every change folded in order, gaps asked for, nothing guessed.
import { batch, signal } from '@preact/signals';
import type { VoteAnswer } from '../api/answers';
import { events as api } from '../api/endpoints';
import { Problem } from '../api/problem';
import { backoff, pause } from '../api/request';
import type { Change, Event } from '../api/types';
import { observeMessage } from '../live/clock';
import type { EventFrame, ResetReason, RevokedReason } from '../live/frames';
import type { Line, LineState } from '../live/line';
import { carry } from '../live/personal';
import type { Presence } from '../live/presence-frames';
import { openSharedLine } from '../live/shared';
import { withBallot, withVote } from './answered';
import { Around } from './around';
import { earOf } from './ears';
import { fold, moveTo } from './fold';
import { groundOf } from './ground';
import { foldPresence } from './presence';

/** Why there is no room to show. */
export type Gate =
  | { kind: 'refused'; status: number }
  | { kind: 'revoked'; reason: Exclude<RevokedReason, 'event_closed'> };

const NEW_SESSION_ATTEMPTS = 4;
const NEW_SESSION_MS = 400;

export class Room extends Around {
  readonly event = signal<Event | null>(null);
  readonly ground = groundOf(this.event);
  readonly line = signal<LineState>({ kind: 'connecting' });
  readonly catchingUp = signal(false);
  readonly gate = signal<Gate | null>(null);
  /** Undefined until it was told. */
  readonly present = signal<Presence | undefined>(undefined);
  private connection: Line | null = null;
  private putDown = () => {};
  private closed = false;
  private early: Change[] = [];
  private resetFor: ResetReason | null = null;
  private answers: ((event: Event) => Event)[] = [];

  constructor(readonly id: string) {
    super();
  }

  async open(): Promise<void> {
    this.putDown = carry();
    await this.load();
    if (this.closed || this.gate.value) return;
    this.connection = openSharedLine(this.id, {
      cursor: () => `${this.now.epoch}.${this.now.seq}`,
      frame: (frame) => this.receive(frame),
      state: (state) => this.lineIs(state),
      greeting: () => (this.present.value ? [{ type: 'presence', ...this.present.value }] : []),
    });
  }

  /** After a gate that has opened. */
  reopen(): void {
    this.close();
    this.closed = false;
    this.gate.value = null;
    void this.open();
  }

  close(): void {
    this.closed = true;
    this.connection?.close();
    this.putDown();
  }

  nudge(): void {
    this.connection?.nudge();
  }

  /** The answer to one's own vote: no change on the stream says who voted how. */
  voteCounted(answer: VoteAnswer): void {
    this.answered((event) => withVote(event, answer));
  }

  ballotCounted(): void {
    this.answered(withBallot);
  }

  /** A whole event that the server sent in answer to a write. */
  adopt(event: Event): void {
    if (event.seq >= this.now.seq) this.event.value = event;
  }

  receive(frame: EventFrame): void {
    if (this.closed) return;
    if (frame.type === 'snapshot') this.startAt(frame.event);
    else if (frame.type === 'change') this.change(frame.change, frame.epoch);
    else if (frame.type === 'hidden') this.hidden(frame.seq);
    else if (frame.type === 'heartbeat') this.heartbeat(frame.at, frame.head);
    else if (frame.type === 'reset') this.reset(frame.reason);
    else if (frame.type === 'revoked') this.revoked(frame.reason);
    else if (frame.type === 'typing') earOf(this.id)?.typed(frame.typing);
    else if (frame.type === 'lock' || frame.type === 'strokes') this.brief?.signalled(frame);
    else this.present.value = foldPresence(this.present.value, frame);
  }

  /** A vote that waited since an earlier visit can be answered before the event is here. */
  private answered(change: (event: Event) => Event): void {
    if (this.event.value) this.event.value = change(this.event.value);
    else this.answers.push(change);
  }

  private get now(): Event {
    if (!this.event.value) throw new Error('the room is not open');
    return this.event.value;
  }

  private change(change: Change, epoch: string): void {
    observeMessage(change.at);
    if (epoch && epoch !== this.now.epoch) return void this.reload('unknown_epoch');
    if (change.seq > this.now.seq + 1) {
      this.early.push(change);
      return void this.recover();
    }
    this.apply(change);
  }

  /** A finished event has nothing more to tell, and stays readable. */
  private revoked(reason: RevokedReason | 'refused'): void {
    this.close();
    if (reason === 'refused') this.refused(403);
    else if (reason === 'signed_out') void this.signedOut();
    else if (reason === 'event_closed') this.line.value = { kind: 'over', status: 204 };
    else this.gate.value = { kind: 'revoked', reason };
  }

  /** A guest who becomes an account changes sessions: whoever is still signed in just goes on. */
  private async signedOut(): Promise<void> {
    this.line.value = { kind: 'connecting' };
    for (let attempt = 0; attempt < NEW_SESSION_ATTEMPTS; attempt++) {
      await pause(NEW_SESSION_MS * attempt);
      if (await api.one(this.id).catch(() => null)) return this.reopen();
    }
    this.gate.value = { kind: 'revoked', reason: 'signed_out' };
  }

  private hidden(seq: number): void {
    if (seq === this.now.seq + 1) this.event.value = moveTo(this.now, seq);
    else if (seq > this.now.seq) void this.recover();
  }

  private heartbeat(at: string, head: number): void {
    observeMessage(at);
    if (head > this.now.seq) void this.recover();
  }

  private apply(change: Change): void {
    if (change.seq <= this.now.seq) return;
    batch(() => {
      this.event.value = fold(this.now, change);
      this.note(change);
    });
  }

  /** Something between the last change and this one did not come: ask for it until the head is reached. */
  private async recover(): Promise<void> {
    if (this.catchingUp.value) return;
    this.catchingUp.value = true;
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        await this.readMissing();
        break;
      } catch (error) {
        if (error instanceof Problem && !error.passing) return this.reload('not_kept');
        await pause(backoff(attempt));
      }
    }
    const early = this.early.splice(0).sort((a, b) => a.seq - b.seq);
    for (const change of early) this.apply(change);
    this.catchingUp.value = false;
  }

  private async readMissing(): Promise<void> {
    for (;;) {
      const { items, head, epoch } = await api.changes(this.id, this.now.seq);
      if (epoch !== this.now.epoch) return this.reload('unknown_epoch');
      for (const change of items) this.apply(change);
      if (items.length === 0) this.event.value = moveTo(this.now, head);
      if (this.now.seq >= head) return;
    }
  }

  /** A snapshot follows. Where the line is cut before it, the next one brings it. */
  private reset(reason: ResetReason): void {
    this.catchingUp.value = true;
    this.resetFor = reason;
  }

  private startAt(event: Event): void {
    batch(() => {
      this.event.value = event;
      this.catchingUp.value = false;
      if (this.resetFor) this.noteStartOver(this.resetFor);
    });
    this.resetFor = null;
    earOf(this.id)?.back();
    this.brief?.back();
  }

  /** What lies between cannot be had: the event itself, as it is now. */
  private async reload(reason: ResetReason): Promise<void> {
    await this.load();
    this.catchingUp.value = false;
    if (this.closed || this.gate.value) return;
    this.noteStartOver(reason);
    earOf(this.id)?.back();
    this.brief?.back();
    const newest = Math.max(0, ...this.early.splice(0).map(({ seq }) => seq));
    if (newest > this.now.seq) await this.recover();
  }

  private async load(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        const event = await api.one(this.id);
        this.event.value = this.answers.splice(0).reduce((now, change) => change(now), event);
        return;
      } catch (error) {
        if (error instanceof Problem && !error.passing) return this.refused(error.status);
        this.lineIs(navigator.onLine ? { kind: 'waiting', until: Date.now() + 3_000 } : { kind: 'offline' });
        await pause(backoff(attempt, 800, 6_000));
      }
    }
  }

  private lineIs(state: LineState): void {
    this.line.value = state;
    if (state.kind !== 'open') this.present.value = undefined;
    if (state.kind === 'over' && state.status !== 204) this.refused(state.status);
  }

  /** Goes on listening to the other tabs: one of them may have been told the reason. */
  private refused(status: number): void {
    this.putDown();
    if (!this.gate.value) this.gate.value = { kind: 'refused', status };
  }
}
