// The live store: order, gaps, hidden numbers, resets, and the ways a line can end.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Change } from '../src/api/types';
import { Room } from '../src/store/room';
import { event, proposal } from './a-room';

const tally = (seq: number, agree: number): Change => ({
  seq,
  type: 'tally.changed',
  at: '2026-03-02T09:01:00Z',
  actor: null,
  data: { proposal_id: 'p', tally: { agree, disagree: 0, abstain: 0 }, needed: 3 },
});

const decided = (seq: number): Change => ({
  seq,
  type: 'proposal.changed',
  at: '2026-03-02T09:01:00Z',
  actor: null,
  data: proposal({ status: 'ACCEPTED' }),
});

let room: Room;
let asked: string[];
let answers: Record<string, unknown>;
let refusals: Record<string, number>;

const hear = (change: Change, epoch = 'x') => room.receive({ type: 'change', epoch, change });
const agree = () => room.event.value?.proposals[0]?.tally.agree;

beforeEach(() => {
  asked = [];
  answers = {};
  refusals = {};
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    const body = answers[url];
    return body === undefined
      ? new Response('{"code":"changes_not_kept"}', { status: refusals[url] ?? 404 })
      : new Response(JSON.stringify(body));
  });
  room = new Room('e');
  room.event.value = event();
});

afterEach(() => {
  room.close();
  vi.unstubAllGlobals();
});

describe('a room', () => {
  it('folds what comes next and drops what is old', () => {
    hear(tally(11, 2));
    hear(tally(11, 9));
    hear(tally(9, 9));
    expect(agree()).toBe(2);
    expect(room.event.value?.seq).toBe(11);
  });

  it('keeps its ground whoever votes', () => {
    const before = room.ground.value;
    hear(tally(11, 2));
    expect(room.ground.value).toBe(before);
    expect(room.activity.value).toEqual([]);
    room.voteCounted({
      proposal_id: 'p',
      choice: 'AGREE',
      tally: { agree: 3, disagree: 0, abstain: 0 },
      status: 'PENDING',
      seq: 12,
    });
    expect(room.event.value?.me.votes).toEqual({ p: 'AGREE' });
    expect(room.ground.value).toBe(before);
    expect(agree()).toBe(3);
  });

  it('asks for what it missed, then goes on', async () => {
    answers['/api/events/e/changes?after=10'] = { items: [tally(11, 2), tally(12, 3)], head: 12, epoch: 'x' };
    hear(tally(13, 4));
    hear(tally(14, 5));
    expect(room.catchingUp.value).toBe(true);
    await vi.waitFor(() => expect(room.catchingUp.value).toBe(false));
    expect(agree()).toBe(5);
    expect(room.event.value?.seq).toBe(14);
    expect(asked).toEqual(['/api/events/e/changes?after=10']);
  });

  it('takes hidden numbers for what they are: no gap', () => {
    room.receive({ type: 'hidden', epoch: 'x', seq: 11 });
    hear(tally(12, 2));
    expect(asked).toEqual([]);
    expect(room.event.value?.seq).toBe(12);
  });

  it('finds a lost last message by the heartbeat', async () => {
    answers['/api/events/e/changes?after=10'] = { items: [tally(11, 2)], head: 12, epoch: 'x' };
    answers['/api/events/e/changes?after=11'] = { items: [], head: 12, epoch: 'x' };
    room.receive({ type: 'heartbeat', epoch: 'x', head: 12, at: '2026-03-02T09:01:00Z' });
    await vi.waitFor(() => expect(room.event.value?.seq).toBe(12));
    expect(agree()).toBe(2);
  });

  it('starts over when the log is another one', async () => {
    answers['/api/events/e'] = event({ epoch: 'y', seq: 3, subject: 'Restored' });
    hear(tally(4, 1), 'y');
    await vi.waitFor(() => expect(room.event.value?.subject).toBe('Restored'));
    expect(room.startedOver.value).toBe('unknown_epoch');
  });

  it.each(['too_far_behind', 'not_kept'] as const)('starts over on a reset (%s) and says so', (reason) => {
    hear(decided(11));
    room.receive({ type: 'reset', reason });
    expect(room.catchingUp.value).toBe(true);
    room.receive({ type: 'snapshot', event: event({ seq: 90 }) });
    expect(room.catchingUp.value).toBe(false);
    expect(room.event.value?.seq).toBe(90);
    expect(room.activity.value).toEqual([]);
    expect(room.startedOver.value).toBe(reason);
    expect(room.startOvers.value).toBe(1);
    hear(tally(91, 2));
    expect(agree()).toBe(2);
  });

  it('starts over from the event itself when what it missed is not kept', async () => {
    answers['/api/events/e'] = event({ seq: 80 });
    answers['/api/events/e/changes?after=80'] = { items: [tally(81, 7)], head: 81, epoch: 'x' };
    refusals['/api/events/e/changes?after=10'] = 410;
    hear(tally(81, 7));
    await vi.waitFor(() => expect(room.event.value?.seq).toBe(81));
    await vi.waitFor(() => expect(room.catchingUp.value).toBe(false));
    expect(agree()).toBe(7);
    expect(room.startedOver.value).toBe('not_kept');
    expect(room.gate.value).toBeNull();
    expect(asked).toEqual([
      '/api/events/e/changes?after=10',
      '/api/events/e',
      '/api/events/e/changes?after=80',
    ]);
  });

  it('shows why it is over when it is, and hears no more', () => {
    room.receive({ type: 'revoked', reason: 'kicked' });
    expect(room.gate.value).toEqual({ kind: 'revoked', reason: 'kicked' });
    hear(tally(11, 2));
    expect(room.event.value?.seq).toBe(10);
  });

  it('learns the reason from another tab after it was only refused', () => {
    room.gate.value = { kind: 'refused', status: 404 };
    room.receive({ type: 'revoked', reason: 'kicked' });
    expect(room.gate.value).toEqual({ kind: 'revoked', reason: 'kicked' });
  });

  it('stays readable when the event is finished', () => {
    room.receive({ type: 'revoked', reason: 'event_closed' });
    expect(room.gate.value).toBeNull();
    expect(room.line.value).toEqual({ kind: 'over', status: 204 });
  });

  it('takes its own vote from the answer, and never an older tally', () => {
    hear(tally(11, 3));
    room.voteCounted({
      proposal_id: 'p',
      choice: 'AGREE',
      tally: { agree: 2, disagree: 0, abstain: 0 },
      status: 'PENDING',
      seq: 11,
    });
    expect(agree()).toBe(3);
    expect(room.event.value?.me.votes).toEqual({ p: 'AGREE' });
    room.voteCounted({ ...proposal(), proposal_id: 'p', choice: null, seq: 12 });
    expect(room.event.value?.me.votes).toEqual({});
  });
});
