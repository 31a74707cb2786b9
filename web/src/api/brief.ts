// Where the shared brief, its locks and the drawings in it live on the server.
import { get, request } from './request';
import type {
  Block,
  BlockKind,
  BlockVersion,
  Brief,
  BriefSnapshot,
  Lock,
  LockGrant,
  Page,
  Proposal,
  ProposalKind,
  Stroke,
} from './types';

const home = (id: string) => `/events/${id}/brief`;

export const blocksPath = (id: string) => `${home(id)}/blocks`;
export const blockPath = (id: string, block: string) => `${blocksPath(id)}/${block}`;
const lockPath = (id: string, block: string) => `${blockPath(id, block)}/lock`;
const sketchPath = (id: string, image: string) => `/events/${id}/sketches/${image}`;

export const imageUrl = (id: string, attachment: string) =>
  `/api/conversations/${id}/attachments/${attachment}`;

export interface NewBlock {
  kind: BlockKind;
  text: string;
  /** Null: first. Absent: last. */
  after?: string | null;
  attachment_id?: string;
}

export interface BlockEdit {
  text: string;
  version: number;
  token?: number;
}

export interface BlockWish {
  kind: ProposalKind;
  target_id?: string;
  content: string;
  reason?: string;
  version: number;
}

export interface VersionsPage {
  items: BlockVersion[];
  next_before: number | null;
}

/** What number `seq` did to a drawing. */
export interface StrokesNews {
  image_id: string;
  seq: number;
  strokes: Stroke[];
  /** Whose strokes went: somebody's, everybody's, or nobody's. */
  cleared: string | null;
  /** Single strokes that went. */
  erased: string[];
}

export interface Sketch {
  image_id: string;
  seq: number;
  /** All there is: what was known before is forgotten. */
  whole: boolean;
  strokes: Stroke[];
}

export const briefs = {
  read: (id: string) => get<Brief>(home(id)),
  add: (id: string, body: NewBlock) => request<Block>('POST', blocksPath(id), { body }),
  move: (id: string, block: string, after: string | null, version: number) =>
    request<Block>('PUT', `${blockPath(id, block)}/position`, { body: { after, version } }),
  remove: (id: string, block: string, version: number) =>
    request<Block>('DELETE', `${blockPath(id, block)}?version=${version}`),
  bringBack: (id: string, block: string, version: number) =>
    request<Block>('POST', `${blockPath(id, block)}/restore`, { body: { version } }),
  versions: (id: string, block: string, before?: number) =>
    get<VersionsPage>(`${blockPath(id, block)}/versions${before ? `?before=${before}` : ''}`),
  propose: (id: string, block: string, body: BlockWish) =>
    request<Proposal>('POST', `${blockPath(id, block)}/proposal`, { body }),
  snapshots: (id: string) => get<Pick<Page<BriefSnapshot>, 'items'>>(`${home(id)}/snapshots`),
  keep: (id: string, name: string) =>
    request<BriefSnapshot>('POST', `${home(id)}/snapshots`, { body: { name } }),
  restore: (id: string, snapshot: string) =>
    request<BriefSnapshot>('POST', `${home(id)}/snapshots/${snapshot}/restore`),
};

export const locks = {
  take: (id: string, block: string) => request<LockGrant>('POST', lockPath(id, block), { retries: 0 }),
  renew: (id: string, block: string, token: number) =>
    request<Lock>('PUT', lockPath(id, block), { body: { token }, retries: 0 }),
  release: (id: string, block: string) => request<Lock>('DELETE', lockPath(id, block), { retries: 0 }),
};

export const sketches = {
  read: (id: string, image: string, after = 0) => get<Sketch>(`${sketchPath(id, image)}?after=${after}`),
  draw: (id: string, image: string, strokes: Omit<Stroke, 'author_id'>[]) =>
    request<{ seq: number }>('POST', `${sketchPath(id, image)}/strokes`, { body: { strokes }, retries: 0 }),
  erase: (id: string, image: string, strokes: string[]) =>
    request<{ seq: number }>(
      'DELETE',
      `${sketchPath(id, image)}/strokes?${strokes.map((stroke) => `id=${stroke}`).join('&')}`,
    ),
  clear: (id: string, image: string, whose: 'mine' | 'all') =>
    request<{ seq: number }>('DELETE', `${sketchPath(id, image)}?whose=${whose}`),
};
