// Writing in one block: the lock is taken and kept alive, and whatever becomes of it, the words stay.
import { effect, signal, untracked } from '@preact/signals';
import { locks as api } from '../../api/brief';
import { Problem } from '../../api/problem';
import { delayBefore } from '../../api/request';
import type { Block, LockGrant } from '../../api/types';
import type { Brief } from './brief';
import type { Draft } from './draft';

/** How it stands with the lock: `unlocked` is where nobody can know, `apart` where the line is away. */
export type Hold = 'asking' | 'mine' | 'theirs' | 'free' | 'lost' | 'unlocked' | 'apart';

interface Aside {
  text: string;
  said: 'brief.merged' | 'brief.tookTheirs';
}

export class Writing {
  readonly hold = signal<Hold>('asking');
  readonly error = signal<unknown>(null);
  /** One's own words before two texts were settled, and what came of it. */
  readonly aside = signal<Aside | null>(null);
  private token = 0;
  private taking: Promise<void> = Promise.resolve();
  private heart: ReturnType<typeof setInterval> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;
  /** How often in a row nobody could say whose the block is. */
  private unanswered = 0;
  private closed = false;
  private unwatch = () => {};

  constructor(
    private readonly brief: Brief,
    readonly blockId: string,
  ) {}

  open(): void {
    this.unwatch = effect(() => {
      const held = this.brief.locks.held.value[this.blockId];
      untracked(() => this.lockIs(held?.holder.id));
    });
    const gone = effect(() => {
      const whole = this.brief.now.value;
      if (whole && !whole.blocks.some(({ id }) => id === this.blockId))
        queueMicrotask(() => this.closed || this.brief.stopWriting());
    });
    const lineOpen = effect(() => {
      if (this.brief.room.line.value.kind !== 'open') return;
      untracked(() => this.back());
    });
    const { unwatch } = this;
    this.unwatch = () => {
      unwatch();
      gone();
      lineOpen();
    };
    void this.take();
  }

  close(): void {
    this.closed = true;
    this.unwatch();
    this.rest();
    if (this.hold.value === 'mine') api.release(this.brief.id, this.blockId).catch(() => {});
    const draft = this.brief.drafts.of(this.blockId);
    if (draft && draft.text === draft.base && !this.brief.onItsWay(this.blockId))
      this.brief.drafts.drop(this.blockId);
  }

  /** What is written, from what stands there now on where nothing was begun. */
  get draft(): Draft {
    const { text = '', version = 0 } = this.brief.blockOf(this.blockId) ?? {};
    return this.brief.drafts.of(this.blockId) ?? { text, base: text, version };
  }

  type(text: string): void {
    const { refused: _, ...draft } = this.draft;
    this.brief.drafts.keep(this.blockId, { ...draft, text });
  }

  /** Goes on from what stands there now, with these words. */
  goOnFrom(block: Block, text: string): void {
    this.brief.drafts.keep(this.blockId, { text, base: block.text, version: block.version });
  }

  /** Settles two texts: these words go on from what stands there now, in a block that is taken anew. */
  settle(block: Block, text: string, said?: Aside['said']): void {
    this.aside.value = said ? { text: this.draft.text, said } : null;
    this.goOnFrom(block, text);
    // Who saved the other text had the block: what one thinks to hold is not one's own any more.
    if (this.hold.value !== 'theirs') void this.take();
  }

  take(): Promise<void> {
    this.hold.value = 'asking';
    return this.ask();
  }

  private ask(): Promise<void> {
    clearTimeout(this.again);
    this.error.value = null;
    this.taking = api.take(this.brief.id, this.blockId).then(
      (grant) => this.granted(grant),
      (error) => this.denied(error),
    );
    return this.taking;
  }

  async commit(): Promise<void> {
    if (this.hold.value === 'asking') await this.taking;
    if (this.hold.value === 'free' || this.hold.value === 'lost') await this.take();
    const { text, version } = this.draft;
    if (this.hold.value === 'theirs' || (this.brief.blockOf(this.blockId)?.version ?? 0) > version) return;
    this.type(text);
    const token = this.hold.value === 'mine' ? { token: this.token } : {};
    await this.brief.commit(this.blockId, { text: text.trim(), version, ...token });
  }

  /** A commit ends its lock. Whoever wrote on meanwhile takes it again. */
  answered(blockId: string, done: boolean): void {
    if (blockId !== this.blockId) return;
    this.rest();
    if (!done) return void this.take();
    this.hold.value = 'free';
    this.brief.stopWriting();
  }

  refused(blockId: string, code: string): void {
    if (blockId !== this.blockId) return;
    if (code === 'block_locked') this.become('theirs');
    if (code === 'lock_lost') this.become('lost');
  }

  private granted({ token, renew_in_ms, block }: LockGrant): void {
    if (this.closed) return void api.release(this.brief.id, this.blockId).catch(() => {});
    this.token = token;
    this.unanswered = 0;
    this.become('mine');
    this.brief.heard(block);
    this.heart = setInterval(() => void this.beat(), renew_in_ms);
    const draft = this.brief.drafts.of(this.blockId);
    if (!draft || draft.text === draft.base) this.goOnFrom(block, block.text);
  }

  private denied(error: unknown): void {
    if (!(error instanceof Problem) || error.passing) this.askAgain(error);
    else if (error.code === 'block_locked') this.become('theirs');
    else {
      this.become('lost');
      this.error.value = error;
    }
  }

  /** Nobody could answer: one may write, and asks on quietly until somebody can. */
  private askAgain(error: unknown): void {
    if (this.closed) return;
    this.become(error instanceof Problem && error.code === 'locks_unknown' ? 'unlocked' : 'apart');
    this.again = setTimeout(() => void this.ask(), delayBefore(this.unanswered++, error));
  }

  /** The line is open again: what became of the lock meanwhile is asked for, not waited for. */
  private back(): void {
    if (this.hold.value === 'apart') void this.take();
    else if (this.hold.value === 'mine') void this.beat();
  }

  private async beat(): Promise<void> {
    const { token } = this;
    try {
      await api.renew(this.brief.id, this.blockId, token);
    } catch (error) {
      // A refusal of an older grant says nothing of the one that came since.
      if (!(error instanceof Problem) || token !== this.token) return;
      if (error.code === 'locks_unknown') this.askAgain(error);
      else if (!error.passing) this.become('lost');
    }
  }

  /** Whatever ran for how it stood before ends with that. */
  private become(hold: Hold): void {
    this.rest();
    this.hold.value = hold;
  }

  private rest(): void {
    clearInterval(this.heart);
    clearTimeout(this.again);
  }

  /** What is told of the lock, seen from here. */
  private lockIs(holder: string | undefined): void {
    const now = this.hold.value;
    if (holder && holder !== this.brief.me && now !== 'asking') this.become('theirs');
    else if (!holder && now === 'theirs') this.hold.value = 'free';
    else if (!holder && now === 'mine' && this.wasBroken()) this.become('lost');
  }

  private wasBroken(): boolean {
    return this.brief.locks.broken.value?.block_id === this.blockId;
  }
}
