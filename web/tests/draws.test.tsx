// A full room stays smooth because a change draws what it changed: here the draws are counted.
import { act, cleanup, render } from '@testing-library/preact';
import { IDBFactory } from 'fake-indexeddb';
import { options, type VNode } from 'preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Proposal } from '../src/api/types';
import { intentions, startQueue } from '../src/queue/queue';
import { RoomContext } from '../src/screens/room/context';
import { Decide } from '../src/screens/room/Decide';
import { Room } from '../src/store/room';
import { vote } from '../src/store/voting';
import { event, proposal } from './a-room';

const many = Array.from({ length: 30 }, (_, n) => proposal({ id: `p${n + 10}`, content: `Plan ${n}.` }));
/** Called for every component that is drawn, and for none that is left as it is. */
const hooks = options as { __r?: (vnode: VNode<{ proposal?: Proposal }>) => void };
const before = hooks.__r;
let cards: Set<string>;
let room: Room;

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  await startQueue('mina');
  room = new Room('e');
  room.event.value = event({ proposals: many });
  render(
    <RoomContext.Provider value={room}>
      <Decide />
    </RoomContext.Provider>,
  );
  cards = new Set();
  hooks.__r = (vnode) => {
    before?.(vnode);
    if (vnode.props.proposal) cards.add(vnode.props.proposal.id);
  };
});

afterEach(() => {
  hooks.__r = before;
  cleanup();
  intentions.value = [];
  vi.unstubAllGlobals();
});

it('draws one card for the vote of somebody else', async () => {
  const tally = { agree: 77, disagree: 0, abstain: 0 };
  const data = { proposal_id: 'p20', tally, needed: 3 };
  const change = { seq: 11, type: 'tally.changed', at: '2026-03-02T09:00:00Z', actor: null, data } as const;
  await act(() => room.receive({ type: 'change', epoch: 'x', change }));
  expect(document.body.textContent).toContain('77 agree');
  expect([...cards]).toEqual(['p20']);
});

it('draws one card for a vote of one’s own, from the tap until it is counted', async () => {
  const [mine] = many;
  await act(async () => {
    if (mine && room.event.value) await vote(room.event.value, mine, 'AGREE');
  });
  expect(document.body.textContent).toContain('Sending…');
  const tally = { agree: 78, disagree: 0, abstain: 0 };
  const answer = { proposal_id: 'p10', choice: 'AGREE', tally, status: 'PENDING', seq: 11 } as const;
  await act(() => room.voteCounted(answer));
  expect(document.body.textContent).toContain('78 agree');
  expect([...cards]).toEqual(['p10']);
});
