// Drawings on images: those that are open, each as far as it is known, and what one draws oneself.
import { computed, type Signal, signal } from '@preact/signals';
import { sketches as api, type Sketch, type StrokesNews } from '../../api/brief';
import { newId } from '../../api/key';
import { Problem } from '../../api/problem';
import { backoff, pause } from '../../api/request';
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
  readonly error = signal<unknown>(null);
  readonly people = computed(() => new Set(this.strokes.value.map(({ author_id }) => author_id)).size);
  private seq = -1;
  private wanted = 0;
  private reading = false;
  private sending = false;
  private closed = false;

  constructor(
    private readonly eventId: string,
    readonly imageId: string,
    private readonly me: () => string,
  ) {
    void this.catchUp();
  }

  close(): void {
    this.closed = true;
  }

  heard(news: StrokesNews): void {
    if (news.seq <= this.seq) return;
    this.wanted = Math.max(this.wanted, news.seq);
    if (this.reading || news.seq > this.seq + 1) return void this.catchUp();
    this.seq = news.seq;
    if (news.cleared) this.strokes.value = this.strokes.value.filter((one) => !isCleared(one, news));
    this.take(news.strokes);
  }

  draw(stroke: Omit<Drawn, 'id'>): void {
    this.waiting.value = [...this.waiting.value, { id: newId(), ...stroke }];
    void this.send();
  }

  async clear(whose: 'mine' | 'all'): Promise<void> {
    this.waiting.value = [];
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
    for (let attempt = 0; this.waiting.value.length > 0 && !this.closed; ) {
      const batch = this.waiting.value.slice(0, MOST_STROKES);
      try {
        await Promise.all([api.draw(this.eventId, this.imageId, batch), pause(BATCH_MS)]);
        this.sent(batch);
        attempt = 0;
      } catch (error) {
        if (error instanceof Problem && !error.passing) this.refuse(error, batch);
        await pause(backoff(attempt++));
      }
    }
    this.sending = false;
  }

  /** They stay on the screen until the stream has brought them. */
  private sent(batch: Drawn[]): void {
    const gone = new Set(batch.map(({ id }) => id));
    const known = new Set(this.strokes.value.map(({ id }) => id));
    const mine = batch.filter(({ id }) => !known.has(id)).map((one) => ({ ...one, author_id: this.me() }));
    this.strokes.value = [...this.strokes.value, ...mine];
    this.waiting.value = this.waiting.value.filter(({ id }) => !gone.has(id));
    this.error.value = null;
  }

  private refuse(error: Problem, batch: Drawn[]): void {
    const gone = new Set(batch.map(({ id }) => id));
    this.error.value = error;
    this.waiting.value = this.waiting.value.filter(({ id }) => !gone.has(id));
  }
}

const isCleared = ({ author_id }: Stroke, { cleared }: StrokesNews) =>
  cleared === 'all' || author_id === cleared;
