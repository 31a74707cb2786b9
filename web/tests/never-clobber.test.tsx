// What a person has begun stays theirs, whatever happens meanwhile to the thing it is about.
import { act, cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change, Comment, Item } from '../src/api/types';
import { laterWords } from '../src/i18n';
import { startQueue } from '../src/queue/queue';
import { BallotView } from '../src/screens/room/Ballot';
import { Comments } from '../src/screens/room/Comments';
import { RoomContext } from '../src/screens/room/context';
import { Room } from '../src/store/room';
import { event, mina } from './a-room';

const AT = '2026-03-02T09:05:00Z';
let room: Room;

beforeAll(laterWords);

beforeEach(async () => {
  localStorage.clear();
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  await startQueue('mina');
  room = new Room('e');
});

afterEach(() => {
  cleanup();
  room.close();
  vi.unstubAllGlobals();
});

const hear = (change: Pick<Change, 'type' | 'data'>) =>
  act(() => {
    const seq = (room.event.value?.seq ?? 0) + 1;
    room.receive({ type: 'change', epoch: 'x', change: { seq, at: AT, actor: null, ...change } as Change });
  });

describe('a comment that is being mended', () => {
  const first: Comment = {
    id: 'c1',
    event_id: 'e',
    subject: { type: 'criterion', id: 'c' },
    author: mina,
    content: 'The train is late.',
    created_at: AT,
    edited_at: null,
    deleted: false,
  };
  const comes = (part: Partial<Comment>) =>
    hear({ type: 'comment.changed', data: { ...first, ...part, comment_count: 1 } });
  const field = () => screen.getByLabelText<HTMLTextAreaElement>('Edit');

  beforeEach(() => {
    room.event.value = event();
    room.threads.value = { 'criterion:c': [first] };
    render(
      <RoomContext.Provider value={room}>
        <Comments subject="criterion:c" count={1} />
      </RoomContext.Provider>,
    );
    fireEvent.click(screen.getByText('1 comment'));
    fireEvent.click(screen.getByText('Edit'));
    fireEvent.input(field(), { target: { value: 'The train is late, but' } });
  });

  it('keeps its words when it changes elsewhere, and shows the change', async () => {
    await comes({ content: 'The bus is late.', edited_at: AT });
    expect(field().value).toBe('The train is late, but');
    expect(screen.getByRole('status').textContent).toContain('The bus is late.');
  });

  it('keeps its words when it is removed, and says so', async () => {
    await comes({ content: '', deleted: true });
    expect(field().value).toBe('The train is late, but');
    expect(screen.getByRole('status').textContent).toContain('Your text is kept here.');
    fireEvent.click(screen.getByText('Cancel'));
    expect(screen.queryByText('Mina')).toBeNull();
  });
});

describe('a half-made ballot', () => {
  const item = (kind: Item['kind'], id: string, content: string, position: number): Item => ({
    id,
    kind,
    content,
    original_content: null,
    position,
    deleted: false,
  });
  const near = item('criterion', 'k1', 'Near', 1);
  const cheap = item('criterion', 'k2', 'Cheap', 2);
  const ranks = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent);
  const there = () => screen.getByLabelText<HTMLInputElement>('There');

  const open = () =>
    render(
      <RoomContext.Provider value={room}>
        <BallotView />
      </RoomContext.Provider>,
    );

  beforeEach(() => {
    const options = [item('option', 'o1', 'Here', 1), item('option', 'o2', 'There', 2)];
    room.event.value = event({ options, criteria: [near, cheap] });
    open();
    fireEvent.click(there());
    fireEvent.click(screen.getByLabelText('Move down: Near'));
    expect(ranks()).toEqual(['1Cheap', '2Near']);
  });

  it('keeps choice and order when a criterion is added', async () => {
    await hear({ type: 'item.changed', data: item('criterion', 'k3', 'Quiet', 3) });
    expect(there().checked).toBe(true);
    expect(ranks()).toEqual(['1Cheap', '2Near', '3Quiet']);
    expect(screen.getByText(/The criteria changed since you ordered them/)).toBeTruthy();
  });

  it('keeps choice and order when a criterion is reworded', async () => {
    await hear({ type: 'item.changed', data: { ...near, content: 'Nearby', original_content: 'Near' } });
    expect(there().checked).toBe(true);
    expect(ranks()).toEqual(['1Cheap', '2Nearby']);
  });

  it('keeps choice and order when a criterion is deleted, also after the page is opened anew', async () => {
    await hear({ type: 'item.changed', data: item('criterion', 'k3', 'Quiet', 3) });
    await hear({ type: 'item.changed', data: { ...cheap, deleted: true } });
    expect(there().checked).toBe(true);
    expect(ranks()).toEqual(['1Near', '2Quiet']);
    cleanup();
    open();
    expect(there().checked).toBe(true);
    expect(ranks()).toEqual(['1Near', '2Quiet']);
  });
});
