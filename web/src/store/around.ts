// What stands around an event and is not part of it: what happened lately, who is in, what was said.
import { type Signal, signal } from '@preact/signals';
import type { Change, Comment, Membership, Person } from '../api/types';
import type { ResetReason } from '../live/frames';
import { type BriefEar, earOf, everyEar } from './ears';
import { renamed } from './renamed';

const ACTIVITY_KEPT = 200;
/** They have a place of their own; nobody reads them as news. */
const NUMBERS = new Set([
  ...['tally.changed', 'turnout.changed', 'person.changed', 'message.changed'],
  ...['block.changed', 'snapshot.changed'],
]);

export class Around {
  /** What happened while somebody was looking, oldest first. */
  readonly activity = signal<Change[]>([]);
  /** What had happened before, as far as it was asked for, oldest first. */
  readonly earlier = signal<Change[]>([]);
  readonly members = signal<Membership[] | null>(null);
  readonly threads = signal<Record<string, Comment[]>>({});
  /** How often everything was read anew: whatever was asked for beside the event is then asked for again. */
  readonly startOvers = signal(0);
  /** Why it was, until the person has seen it. */
  readonly startedOver = signal<ResetReason | null>(null);

  /** Who follows the shared brief, while it is open. */
  brief: BriefEar | null = null;

  /** What lies between what was known and what is there now cannot be told. */
  protected noteStartOver(reason: ResetReason): void {
    this.activity.value = this.earlier.value = [];
    this.startedOver.value = reason;
    this.startOvers.value++;
  }

  /** A comment from the answer to one's own write: the stream brings it again, and that does no harm. */
  heardComment(comment: Comment): void {
    this.noteComment(comment);
  }

  protected note(change: Change): void {
    if (!NUMBERS.has(change.type))
      this.activity.value = [...this.activity.value, change].slice(-ACTIVITY_KEPT);
    if (change.type === 'membership.changed') this.noteMember(change.data);
    if (change.type === 'comment.changed') this.noteComment(change.data);
    if (change.type === 'message.changed') earOf(change.data.conversation_id)?.heard(change.data);
    if (change.type === 'person.changed') this.noteName(change.data);
    this.brief?.changed(change);
  }

  private noteMember(membership: Membership): void {
    if (!this.members.value) return;
    const others = this.members.value.filter(({ id }) => id !== membership.id);
    this.members.value = [...others, membership];
  }

  private noteName(person: Person): void {
    for (const told of [this.activity, this.earlier, this.members, this.threads] as Signal<unknown>[])
      told.value = renamed(told.value, person);
    for (const ear of everyEar()) ear.named(person);
  }

  private noteComment(comment: Comment): void {
    const subject = `${comment.subject.type}:${comment.subject.id}`;
    const thread = this.threads.value[subject];
    if (!thread) return;
    const known = thread.some(({ id }) => id === comment.id);
    const next = known ? thread.map((one) => (one.id === comment.id ? comment : one)) : [...thread, comment];
    this.threads.value = { ...this.threads.value, [subject]: next };
  }
}
