// The vote as a person meets it: instant, once, undoable, and honest about where it is.
import { cleanup, fireEvent, render, screen } from '@testing-library/preact';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { VoteAnswer } from '../src/api/answers';
import { intentions, onAnswered, startQueue } from '../src/queue/queue';
import { RoomContext } from '../src/screens/room/context';
import { VoteBar } from '../src/screens/room/VoteBar';
import { Room } from '../src/store/room';
import { undoable } from '../src/store/voting';
import { event, membership, mina, proposal } from './a-room';

let room: Room;
let sent: [string, string][];
let release: (status: number, body?: object) => void;

const show = () =>
  render(
    <RoomContext.Provider value={room}>
      <VoteBar proposal={proposal()} />
    </RoomContext.Provider>,
  );
const press = (name: RegExp) => fireEvent.click(screen.getByRole('button', { name }));
const pressed = (name: RegExp) =>
  screen.getByRole('button', { name }).getAttribute('aria-pressed') === 'true';
const answer = (choice: VoteAnswer['choice']) => ({
  proposal_id: 'p',
  choice,
  tally: { agree: 2, disagree: 0, abstain: 0 },
  status: 'PENDING',
  seq: 11,
});

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  sent = [];
  vi.stubGlobal('fetch', (_: string, init: RequestInit) => {
    sent.push([init.method ?? '', String(init.body ?? '')]);
    return new Promise<Response>((done) => {
      release = (status, body = {}) => done(new Response(JSON.stringify(body), { status }));
    });
  });
  room = new Room('e');
  room.event.value = event();
  onAnswered((_, body) => room.voteCounted(body as VoteAnswer));
  await startQueue('mina');
});

afterEach(() => {
  cleanup();
  intentions.value = [];
  undoable.value = null;
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('shows a vote at once, and that it was counted when it was', async () => {
  show();
  press(/^Agree/);
  await screen.findByText('Sending…');
  expect(pressed(/^Agree/)).toBe(true);
  await vi.waitFor(() => expect(sent).toEqual([['PUT', '{"choice":"AGREE"}']]));
  release(200, answer('AGREE'));
  await screen.findByText('Counted.');
  expect(room.event.value?.me.votes).toEqual({ p: 'AGREE' });
});

it('counts a double tap once', async () => {
  show();
  press(/^Agree/);
  press(/^Agree/);
  await screen.findByText('Sending…');
  press(/^Agree/);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  release(200, answer('AGREE'));
  await screen.findByText('Counted.');
  press(/^Agree/);
  await new Promise((done) => setTimeout(done, 20));
  expect(sent).toHaveLength(1);
});

it('takes the choice back to the truth when it is refused', async () => {
  show();
  press(/Disagree/);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  release(409, { code: 'proposal_decided', detail: 'Decided.', current: 'ACCEPTED', action: 'ROLLBACK' });
  await vi.waitFor(() => expect(pressed(/Disagree/)).toBe(false));
  expect(intentions.value.map(({ state }) => state)).toEqual(['late']);
});

it('undoes a sent vote with a take-back', async () => {
  show();
  press(/^Agree/);
  await vi.waitFor(() => expect(sent).toHaveLength(1));
  release(200, answer('AGREE'));
  await screen.findByText('Counted.');
  press(/Undo/);
  await vi.waitFor(() => expect(sent.at(-1)?.[0]).toBe('DELETE'));
  release(200, answer(null));
  await vi.waitFor(() => expect(room.event.value?.me.votes).toEqual({}));
});

it('undoes a vote that was never sent by never sending it', async () => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  show();
  press(/^Agree/);
  await screen.findByText(/Kept here/);
  press(/Undo/);
  await screen.findByText('You have not voted.');
  expect(sent).toEqual([]);
});

it('offers no vote to an observer', () => {
  room.event.value = event({
    me: { membership: membership(mina, { role: 'OBSERVER' }), votes: {}, has_ballot: false, read_seq: 0 },
  });
  show();
  expect(screen.queryByRole('button')).toBeNull();
});
