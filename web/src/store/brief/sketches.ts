// Drawings on images: those that are open, each as far as it is known, and what one draws oneself.
import { computed, type Signal, signal } from '@preact/signals';
import { sketches as api, type Sketch, type StrokesNews } from '../../api/brief';
import { newId } from '../../api/key';
import { Problem } from '../../api/problem';
import { backoff, delayBefore, pause } from '../../api/request';
import type { Stroke } from '../../api/types';

export type Drawn = Omit<Stroke, 'author_id'>;

/** At most so often is anything sent. */
const BATCH_MS = 100;
const MOST_STROKES = 100;

export class Sketches {
  private readonly open = new Map<string, Drawing>();

  constructor(
    private readonly eventId: string,
    private readonly me: () => string,
  ) {}

  of(imageId: string): Drawing {
    const known = this.open.get(imageId) ?? new Drawing(this.eventId, imageId, this.me);
    this.open.set(imageId, known);
    return known;
  }

  heard(news: StrokesNews): void {
    this.open.get(news.image_id)?.heard(news);
  }

  /** The line was away. */
  back(): void {
    for (const drawing of this.open.values()) void drawing.catchUp();
  }

  close(): void {
    for (const drawing of this.open.values()) drawing.close();
  }
}

export class Drawing {
  readonly strokes = signal<Stroke[]>([]);
  /** One's own that are not with the server yet. */
  readonly waiting: Signal<Drawn[]> = signal<Drawn[]>([]);
  /** The last line that was drawn here and is there still: what can be taken back. */
  readonly last = computed(() => {
    const there = new Set([...this.strokes.value, ...this.waiting.value].map(({ id }) => id));
    return this.lines.value.findLast((line) => line.some((id) => there.has(id)));
  });
  readonly error = signal<unknown>(null);
  /** Why those that wait have not gone yet. */
  readonly held = signal<unknown>(null);
  readonly people = computed(() => new Set(this.strokes.value.map(({ author_id }) => author_id)).size);
  /** What was drawn here, line by line, each of one stroke or of several. */
  private readonly lines = signal<string[][]>([]);
  private seq = -1;
  private wanted = 0;
  private reading = false;
  private sending = false;
  private flight: Promise<unknown> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly eventId: string,
    readonly imageId: string,
    private readonly me: () => string,
  ) {
    void this.catchUp();
  }

  /** Nothing more is read. What waits goes out all the same. */
  close(): void {
    this.closed = true;
  }

  heard(news: StrokesNews): void {
    if (news.seq <= this.seq) return;
    this.wanted = Math.max(this.wanted, news.seq);
    if (this.reading || news.seq > this.seq + 1) return void this.catchUp();
    this.seq = news.seq;
    if (news.cleared || news.erased.length)
      this.strokes.value = this.strokes.value.filter((one) => !isGone(one, news));
    this.take(news.strokes);
  }

  /** A long line comes in parts, each of which goes on from the one before. */
  draw(stroke: Omit<Drawn, 'id'>, goesOn = false): void {
    const id = newId();
    const lines = this.lines.value;
    this.lines.value = goesOn ? [...lines.slice(0, -1), [...(lines.at(-1) ?? []), id]] : [...lines, [id]];
    this.waiting.value = [...this.waiting.value, { id, ...stroke }];
    void this.send();
  }

  async undo(): Promise<void> {
    const line = this.last.value ?? [];
    this.waiting.value = this.waiting.value.filter(({ id }) => !line.includes(id));
    await this.flight;
    if (this.strokes.value.some(({ id }) => line.includes(id)))
      await api.erase(this.eventId, this.imageId, line.slice(-MOST_STROKES));
    this.strokes.value = this.strokes.value.filter(({ id }) => !line.includes(id));
  }

  async clear(whose: 'mine' | 'all'): Promise<void> {
    this.waiting.value = [];
    // What is on its way would land on the empty image.
    await this.flight;
    await api.clear(this.eventId, this.imageId, whose);
  }

  /** Asks for what is missing, until all that was told of is in it. */
  async catchUp(): Promise<void> {
    if (this.reading) return;
    this.reading = true;
    for (let attempt = 0; !this.closed; attempt++) {
      try {
        this.begin(await api.read(this.eventId, this.imageId, Math.max(0, this.seq)));
        this.error.value = null;
        if (this.seq >= this.wanted) break;
      } catch (error) {
        if (error instanceof Problem && !error.passing) break;
      }
      await pause(backoff(attempt));
    }
    this.reading = false;
  }

  private begin({ seq, whole, strokes }: Sketch): void {
    if (seq < this.seq) return;
    this.seq = seq;
    if (whole) this.strokes.value = [];
    this.take(strokes);
  }

  private take(strokes: Stroke[]): void {
    const fresh = new Set(strokes.map(({ id }) => id));
    this.strokes.value = [...this.strokes.value.filter(({ id }) => !fresh.has(id)), ...strokes];
    this.waiting.value = this.waiting.value.filter(({ id }) => !fresh.has(id));
  }

  private async send(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let failed = 0; this.waiting.value.length > 0; ) {
      const flight = this.sendOut(this.waiting.value.slice(0, MOST_STROKES));
      this.flight = flight;
      const error = await flight;
      await pause(error ? delayBefore(failed++, error) : BATCH_MS);
      if (!error) failed = 0;
    }
    this.sending = false;
  }

  /** Returns why they did not go: then they wait on, unless they were refused for good. */
  private async sendOut(batch: Drawn[]): Promise<unknown> {
    try {
      const { seq } = await api.draw(this.eventId, this.imageId, batch);
      this.sent(batch, seq);
      this.held.value = null;
    } catch (error) {
      if (error instanceof Problem && !error.passing) this.refuse(error, batch);
      else this.held.value = error;
      return error;
    }
    return null;
  }

  /** They stay on the screen until the stream has brought them, which may be before the answer. */
  private sent(batch: Drawn[], seq: number): void {
    const gone = new Set(batch.map(({ id }) => id));
    this.waiting.value = this.waiting.value.filter(({ id }) => !gone.has(id));
    this.error.value = null;
    if (seq <= this.seq) return;
    const known = new Set(this.strokes.value.map(({ id }) => id));
    const mine = batch.filter(({ id }) => !known.has(id)).map((one) => ({ ...one, author_id: this.me() }));
    this.strokes.value = [...this.strokes.value, ...mine];
  }

  private refuse(error: Problem, batch: Drawn[]): void {
    const gone = new Set(batch.map(({ id }) => id));
    this.error.value = error;
    this.waiting.value = this.waiting.value.filter(({ id }) => !gone.has(id));
  }
}

const isGone = ({ id, author_id }: Stroke, { cleared, erased }: StrokesNews) =>
  cleared === 'all' || author_id === cleared || erased.includes(id);
