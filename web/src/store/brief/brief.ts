// The shared brief as this browser knows it: read once, then every change folded in order, and what is on its way.
import { computed, effect, signal, untracked } from '@preact/signals';
import { briefs as api, type BlockEdit, blockPath, blocksPath, type NewBlock } from '../../api/brief';
import { newKey } from '../../api/key';
import { Problem } from '../../api/problem';
import { backoff, pause } from '../../api/request';
import type { Block, Change, Brief as Whole } from '../../api/types';
import type { BriefFrame } from '../../live/brief-frames';
import { type Intention, isOpen } from '../../queue/intention';
import { dismiss, enqueue, intentions, onAnswered } from '../../queue/queue';
import type { BriefEar } from '../ears';
import { foldBrief } from '../fold';
import type { Room } from '../room';
import { Drafts } from './draft';
import { Locks } from './locks';
import { Sketches } from './sketches';
import { Writing } from './writing';

export type Added = Intention & { body: NewBlock };

const SUBJECT = 'brief:';
const NEW = 'brief-new:';

export class Brief implements BriefEar {
  readonly now = signal<Whole | null>(null);
  readonly error = signal<unknown>(null);
  readonly locks = new Locks();
  readonly drafts: Drafts;
  readonly sketches: Sketches;
  /** The block that is open for writing. */
  readonly writing = signal<Writing | null>(null);
  readonly mine = computed(() => intentions.value.filter(({ eventId }) => eventId === this.id));
  private early: (Change | BriefFrame)[] | null = [];
  private closers: (() => void)[] = [];
  private closed = false;

  constructor(readonly room: Room) {
    this.drafts = new Drafts(room.id);
    this.sketches = new Sketches(room.id, () => this.me);
  }

  get id(): string {
    return this.room.id;
  }

  get me(): string {
    return this.room.event.value?.me.membership?.user.id ?? '';
  }

  open(): void {
    this.room.brief = this;
    const lineOpen = computed(() => this.room.line.value.kind === 'open');
    this.closers = [
      onAnswered((intention, answer) => this.answered(intention, answer)),
      // Who writes where is told now or never: after each absence it is asked for.
      effect(() => {
        if (lineOpen.value || !this.now.peek()) untracked(() => void this.load());
      }),
      effect(() => {
        for (const one of this.mine.value.filter(isLost)) untracked(() => this.refused(one));
      }),
    ];
  }

  close(): void {
    this.closed = true;
    this.room.brief = null;
    for (const close of this.closers) close();
    this.stopWriting();
    this.locks.close();
    this.sketches.close();
  }

  changed(change: Change): void {
    this.early?.push(change);
    if (this.now.value) this.now.value = foldBrief(this.now.value, change);
  }

  signalled(frame: BriefFrame): void {
    if (frame.type === 'strokes') {
      this.sketches.heard(frame.strokes);
    } else {
      this.early?.push(frame);
      this.locks.hear(frame.lock);
      // Who tells of one lock knows the others too.
      if (!this.locks.known.value && !this.early) void this.load();
    }
  }

  back(): void {
    void this.load();
  }

  blockOf(id: string): Block | undefined {
    return this.now.value?.blocks.find((block) => block.id === id);
  }

  /** Reads it and folds what came meanwhile; a copy that lags behind the room is read again. */
  async load(): Promise<void> {
    const early: (Change | BriefFrame)[] = [];
    const least = this.room.event.value?.seq ?? 0;
    this.early = early;
    for (let attempt = 0; !this.closed && this.early === early; attempt++) {
      try {
        const whole = await api.read(this.id);
        if (whole.version >= least) return this.begin(whole, early);
      } catch (error) {
        if (error instanceof Problem && !error.passing) {
          this.error.value = error;
          return;
        }
      }
      await pause(backoff(attempt));
    }
  }

  write(id: string): Writing {
    const open = this.writing.value;
    if (open?.blockId === id) return open;
    this.stopWriting();
    const writing = new Writing(this, id);
    this.writing.value = writing;
    writing.open();
    return writing;
  }

  stopWriting(): void {
    this.writing.value?.close();
    this.writing.value = null;
  }

  onItsWay(blockId: string): Intention | undefined {
    return this.mine.value.findLast((one) => one.subject === SUBJECT + blockId && isOpen(one));
  }

  /** Blocks that were added here and are not in the brief yet: they wait, or were refused. */
  added(): Added[] {
    return this.mine.value.filter(
      (one): one is Added => one.subject === NEW + this.id && one.state !== 'counted',
    );
  }

  commit(blockId: string, body: BlockEdit): Promise<Intention> {
    return this.send(SUBJECT + blockId, 'PUT', blockPath(this.id, blockId), body);
  }

  add(body: NewBlock): Promise<Intention> {
    return this.send(NEW + this.id, 'POST', blocksPath(this.id), body);
  }

  /** A block as a request answered it: the stream brings it again, and that does no harm. */
  heard(block: Block): void {
    const whole = this.now.value;
    const known = this.blockOf(block.id);
    if (!whole || (known && known.version > block.version)) return;
    const change: Change = {
      seq: whole.version + 1,
      type: 'block.changed',
      at: '',
      actor: null,
      data: block,
    };
    this.now.value = { ...foldBrief(whole, change), version: whole.version };
  }

  private send(subject: string, method: 'PUT' | 'POST', path: string, body: unknown): Promise<Intention> {
    const key = newKey();
    const each = method === 'POST' ? ({ each: true } as const) : {};
    return enqueue({
      key,
      userId: this.me,
      eventId: this.id,
      subject,
      ...each,
      method,
      path,
      body,
      choice: null,
    });
  }

  private begin(whole: Whole, early: (Change | BriefFrame)[]): void {
    this.early = null;
    this.error.value = null;
    this.now.value = whole;
    this.locks.begin(whole.locks);
    for (const one of early) {
      if (one.type === 'lock' || one.type === 'strokes') this.signalled(one);
      else this.changed(one);
    }
    this.sketches.back();
  }

  private answered(intention: Intention, answer: unknown): void {
    if (intention.eventId !== this.id) return;
    if (intention.subject === NEW + this.id) this.heard(answer as Block);
    if (!intention.subject.startsWith(SUBJECT)) return;
    const block = answer as Block;
    const draft = this.drafts.of(block.id);
    this.heard(block);
    const same = draft?.text.trim() === (intention.body as BlockEdit).text;
    if (!draft || same) this.drafts.drop(block.id);
    else this.drafts.keep(block.id, { text: draft.text, base: block.text, version: block.version });
    this.writing.value?.answered(block.id, same || !draft);
  }

  /** What was not taken in is a draft again, with the reason beside it. */
  private refused(intention: Intention): void {
    const code = intention.problem?.code ?? '';
    if (intention.subject === NEW + this.id && code === 'neighbour_gone') this.addLast(intention);
    if (!intention.subject.startsWith(SUBJECT)) return;
    dismiss(intention.key);
    const id = intention.subject.slice(SUBJECT.length);
    const { text, version, token } = intention.body as BlockEdit;
    // The lock ran out on the way. Where nobody else wrote there meanwhile, the version is enough.
    if (code === 'lock_lost' && token && this.blockOf(id)?.version === version)
      return void this.commit(id, { text, version });
    const draft = this.drafts.of(id) ?? { text, base: this.blockOf(id)?.text ?? '', version };
    this.drafts.keep(id, { ...draft, refused: code });
    this.writing.value?.refused(id, code);
    void this.load();
  }

  /** The block that it was to stand below was removed meanwhile. */
  private addLast({ key, body }: Intention): void {
    dismiss(key);
    const { after: _, ...block } = body as NewBlock;
    void this.add(block);
  }
}

const isLost = ({ state }: Intention) => state === 'refused' || state === 'late';
