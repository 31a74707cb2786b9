// One conversation as this browser knows it: what was said, what is on its way, who writes, who has read.
import { computed, signal } from '@preact/signals';
import { conversations as api } from '../../api/conversations';
import type { Receipt } from '../../api/me-types';
import { Problem } from '../../api/problem';
import { backoff, pause } from '../../api/request';
import type { Conversation, Message, MessagePage, Quote, Typing } from '../../api/talk-types';
import type { Person } from '../../api/types';
import { onAnswered } from '../../queue/queue';
import { type Ear, listen, markRead } from '../ears';
import { renamed } from '../renamed';
import {
  emptyLog,
  headed,
  heard,
  isBehind,
  type Log,
  lastSeq,
  withMissed,
  withNewest,
  withOlder,
} from './log';
import { outgoing, send, subjectOf, type Words } from './outbox';
import { Typists } from './typing';

const READ_AFTER_MS = 400;

export class Talk implements Ear {
  readonly log = signal<Log>(emptyLog);
  readonly about = signal<Conversation | null>(null);
  readonly loaded = signal(false);
  readonly error = signal<unknown>(null);
  /** What follows this number came while the person was away. */
  readonly newAfter = signal(Number.POSITIVE_INFINITY);
  readonly replyTo = signal<Quote | null>(null);
  readonly typists = new Typists();
  readonly out = computed(() => outgoing(this.id, new Set(this.log.value.messages.map(({ id }) => id))));
  private closers: (() => void)[] = [];
  private read = 0;
  /** What the other person has got, as last told: it may be told before the rest is here. */
  private theirs: Receipt | null = null;
  private reading: ReturnType<typeof setTimeout> | undefined;
  private tellNow = () => {};
  private catching = false;
  private closed = false;

  constructor(
    readonly id: string,
    readonly me: Person,
  ) {}

  open(): void {
    this.closed = false;
    const answered = onAnswered((intention, answer) => {
      if (intention.subject === subjectOf(this.id)) this.heard(answer as Message);
    });
    this.closers = [listen(this.id, this), answered];
    void this.load();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.reading);
    for (const close of this.closers) close();
  }

  async load(): Promise<void> {
    this.error.value = null;
    await this.persist(async () => {
      const [about, page] = await Promise.all([api.one(this.id), api.messages(this.id)]);
      this.about.value = this.withTheirs(about);
      const wasHere = about.read_seq > 0;
      if (!this.loaded.value && wasHere && about.unread > 0) this.newAfter.value = about.read_seq;
      this.read = Math.max(this.read, about.read_seq);
      this.log.value = withNewest(this.log.value, page);
      this.loaded.value = true;
    });
  }

  heard(message: Message): void {
    if (message.author) this.typists.stops(message.author.id);
    this.log.value = heard(this.log.value, message);
    if (message.author?.id === this.me.id) this.readUpTo(message.seq);
    if (isBehind(this.log.value)) void this.catchUp();
  }

  typed({ user }: Typing): void {
    if (user.id !== this.me.id) this.typists.types(user);
  }

  receipt(told: Receipt): void {
    if (told.user_id === this.me.id) return;
    this.theirs = told;
    if (this.about.value) this.about.value = this.withTheirs(this.about.value);
  }

  private withTheirs(about: Conversation): Conversation {
    if (!this.theirs) return about;
    const { delivered_seq, read_seq } = this.theirs;
    return {
      ...about,
      other_delivered_seq: Math.max(about.other_delivered_seq ?? 0, delivered_seq, read_seq),
      other_read_seq: Math.max(about.other_read_seq ?? 0, read_seq),
    };
  }

  named(person: Person): void {
    this.log.value = renamed(this.log.value, person);
  }

  back(): void {
    if (this.loaded.value) void this.catchUp(true);
  }

  /** Somebody says how many messages there are. */
  behind(head: number): void {
    this.log.value = headed(this.log.value, head);
    if (this.loaded.value && isBehind(this.log.value)) void this.catchUp();
  }

  async older(): Promise<void> {
    const first = this.log.value.messages[0]?.seq;
    if (first === undefined || !this.log.value.more) return;
    this.log.value = withOlder(this.log.value, await api.messages(this.id, { before: first }));
  }

  /** Nobody looks from now on: what was read is told before the page may be gone. */
  away(): void {
    this.tellNow();
    if (this.newAfter.value > lastSeq(this.log.value)) this.newAfter.value = this.read;
  }

  /** Somebody looks again; where nothing came, nothing is new. */
  look(): void {
    if (lastSeq(this.log.value) <= this.newAfter.value) this.newAfter.value = Number.POSITIVE_INFINITY;
  }

  async say(words: Words): Promise<void> {
    this.replyTo.value = null;
    this.newAfter.value = Number.POSITIVE_INFINITY;
    this.typists.sent();
    await send(this.id, this.me.id, words);
  }

  /** Tells the others, seldom; that they miss it does no harm. */
  types(): void {
    if (this.typists.isDue()) api.typing(this.id).catch(() => {});
  }

  /** The end was on screen before open eyes. */
  seen(): void {
    const seq = lastSeq(this.log.value);
    if (seq <= this.read || this.closed) return;
    clearTimeout(this.reading);
    this.tellNow = () => {
      clearTimeout(this.reading);
      this.tellNow = () => {};
      void this.tellRead(seq);
    };
    this.reading = setTimeout(this.tellNow, READ_AFTER_MS);
  }

  /** Whoever says something has read what came before it. */
  private readUpTo(seq: number): void {
    this.read = Math.max(this.read, seq);
    markRead(this.id, seq);
  }

  private async tellRead(seq: number): Promise<void> {
    const before = this.read;
    this.read = seq;
    try {
      markRead(this.id, (await api.read(this.id, seq)).seq);
    } catch {
      this.read = Math.min(this.read, before);
    }
  }

  /** Asks for what is missing until the head is reached. */
  private async catchUp(always = false): Promise<void> {
    if (this.catching || !this.loaded.value) return;
    this.catching = true;
    await this.persist(async () => {
      for (
        let page: MessagePage | null = null;
        page?.has_more_after ?? (always || isBehind(this.log.value));
      ) {
        page = await api.messages(this.id, { after: lastSeq(this.log.value) });
        this.log.value = withMissed(this.log.value, page);
      }
    });
    this.catching = false;
  }

  private async persist(work: () => Promise<void>): Promise<void> {
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          this.error.value = error;
          return;
        }
        await pause(backoff(attempt));
      }
    }
  }
}
