// Files on their way into a message: what each is, how far it is, and why it was refused.
import { signal } from '@preact/signals';
import { attachmentsPath } from '../../api/conversations';
import { newKey } from '../../api/key';
import { Problem, Unreachable } from '../../api/problem';
import type { Attachment } from '../../api/talk-types';

export const MOST_FILES = 10;
export const MOST_BYTES = 10 * 1024 * 1024;

export type Refusal = 'tooBig' | 'empty' | 'tooMany';

export interface Upload {
  key: string;
  file: File;
  /** 0 to 1. */
  progress: number;
  done: Attachment | null;
  refusal: Refusal | null;
  error: unknown;
}

export class Uploads {
  readonly list = signal<Upload[]>([]);
  private readonly running = new Map<string, XMLHttpRequest>();

  constructor(private readonly conversationId: string) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const refusal = this.refusalOf(file);
      const upload = { key: newKey(), file, progress: 0, done: null, refusal, error: null };
      this.list.value = [...this.list.value, upload];
      if (!refusal) this.start(upload);
    }
  }

  again({ key, file }: Upload): void {
    this.change(key, { progress: 0, error: null });
    this.start({ key, file });
  }

  remove(key: string): void {
    this.running.get(key)?.abort();
    this.list.value = this.list.value.filter((one) => one.key !== key);
  }

  clear(): void {
    for (const { key } of this.list.value) this.remove(key);
  }

  /** What can be sent with a message now. */
  get ready(): Attachment[] {
    return this.list.value.flatMap(({ done }) => done ?? []);
  }

  get busy(): boolean {
    return this.list.value.some(({ done, refusal, error }) => !done && !refusal && !error);
  }

  private refusalOf(file: File): Refusal | null {
    if (this.list.value.filter(({ refusal }) => !refusal).length >= MOST_FILES) return 'tooMany';
    if (file.size > MOST_BYTES) return 'tooBig';
    return file.size === 0 ? 'empty' : null;
  }

  private start({ key, file }: Pick<Upload, 'key' | 'file'>): void {
    const request = new XMLHttpRequest();
    this.running.set(key, request);
    const fail = (error: unknown) => this.change(key, { error });
    request.upload.onprogress = ({ loaded, total }) => this.change(key, { progress: loaded / total });
    request.onload = () => {
      const answer = JSON.parse(request.responseText || '{}');
      if (request.status < 300) this.change(key, { progress: 1, done: answer });
      else fail(new Problem(request.status, answer));
    };
    request.onerror = () => fail(new Unreachable());
    request.open('POST', `/api${attachmentsPath(this.conversationId, file.name)}`);
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.setRequestHeader('Idempotency-Key', key);
    request.send(file);
  }

  private change(key: string, part: Partial<Upload>): void {
    this.list.value = this.list.value.map((one) => (one.key === key ? { ...one, ...part } : one));
  }
}
