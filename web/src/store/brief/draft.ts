// What a person has written in a block and not yet brought in. It outlives whatever happens to the block.
import { type Signal, signal } from '@preact/signals';
import { dropDraft, keepDraft, readDrafts } from '../drafts';

export interface Draft {
  text: string;
  /** What stood there when it was begun, and in which version: the ground that both texts share. */
  base: string;
  version: number;
  /** Why it was not taken in, by its code. */
  refused?: string;
}

export class Drafts {
  readonly all: Signal<Record<string, Draft>>;
  private readonly prefix: string;

  constructor(eventId: string) {
    this.prefix = `brief:${eventId}:`;
    this.all = signal(readDrafts<Draft>(this.prefix));
  }

  of(blockId: string): Draft | undefined {
    return this.all.value[blockId];
  }

  keep(blockId: string, draft: Draft): void {
    this.all.value = { ...this.all.value, [blockId]: draft };
    keepDraft(this.prefix + blockId, draft);
  }

  drop(blockId: string): void {
    const { [blockId]: _, ...others } = this.all.value;
    this.all.value = others;
    dropDraft(this.prefix + blockId);
  }
}
