// What the room says about a change, what waits for a vote, and what a settings form sends.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Change, Proposal } from '../src/api/types';
import { setLocale } from '../src/i18n';
import { problemWords } from '../src/i18n/problem';
import { draftOf, patchOf } from '../src/screens/manage/settings';
import { sentence } from '../src/screens/room/sentences';
import { unvoted } from '../src/store/voting';
import { dana, event, membership, mina, proposal } from './a-room';

const AT = '2026-03-02T09:00:00.400Z';
const change = (part: Pick<Change, 'type' | 'data'>): Change =>
  ({ seq: 1, at: AT, actor: dana, ...part }) as Change;
const proposed = (part: Partial<Proposal>) =>
  sentence(change({ type: 'proposal.changed', data: proposal(part) }));

beforeEach(() => setLocale('en'));

describe('a change in words', () => {
  it('tells who proposed, and who or what decided', () => {
    expect(proposed({})).toBe('Dana proposes: “We are back by six.”');
    expect(proposed({ status: 'ACCEPTED', decided_by: 'rule' })).toBe(
      'Accepted by the votes: “We are back by six.”',
    );
    expect(proposed({ status: 'REJECTED', decided_by: mina })).toBe(
      'Rejected by Mina: “We are back by six.”',
    );
    expect(proposed({ category: 'DELETION', content: null })).toBe('Dana proposes: “Delete an assumption”');
    expect(proposed({ status: 'DELETED' })).toBe('A proposal of Dana was withdrawn.');
  });

  it('tells a start from a change of settings by its own moment', () => {
    const head = event();
    expect(sentence(change({ type: 'event.changed', data: head }))).toBe('Dana started the event.');
    const later = { ...head, started_at: '2026-03-02T08:00:00Z' };
    expect(sentence(change({ type: 'event.changed', data: later }))).toContain('voting is open');
  });

  it('tells coming in from a new role', () => {
    const said = (part: object) =>
      sentence(change({ type: 'membership.changed', data: membership(mina, part) }));
    expect(said({})).toBe('Mina is in the room.');
    expect(said({ role: 'ADMIN' })).toBe('Mina is an admin.');
    expect(said({ status: 'LEFT' })).toBe('Mina left.');
  });

  it('has nothing to say about numbers', () => {
    const tally = { proposal_id: 'p', tally: { agree: 1, disagree: 0, abstain: 0 }, needed: 3 };
    expect(sentence(change({ type: 'tally.changed', data: tally }))).toBeNull();
  });
});

describe('what waits for my vote', () => {
  const criterion = {
    id: 'c',
    kind: 'criterion',
    content: 'C',
    original_content: null,
    position: 0,
    deleted: false,
  } as const;
  const both = [proposal({ id: 'p1', kind: 'criterion', target_id: 'c' }), proposal({ id: 'p2' })];

  it('stands in the order of the page', () => {
    expect(unvoted(event({ criteria: [criterion], proposals: both })).map(({ id }) => id)).toEqual([
      'p2',
      'p1',
    ]);
  });

  it('leaves out what I voted on, what is decided, and everything while paused', () => {
    const votes = { p1: 'AGREE' as const };
    const me = { membership: membership(mina), votes, has_ballot: false, read_seq: 0 };
    expect(unvoted(event({ proposals: both, me })).map(({ id }) => id)).toEqual(['p2']);
    expect(unvoted(event({ proposals: [proposal({ status: 'ACCEPTED' })] }))).toEqual([]);
    expect(unvoted(event({ status: 'PAUSED', proposals: both }))).toEqual([]);
  });
});

describe('a settings form', () => {
  const before = draftOf(event());

  it('sends only what differs, so that two admins do not undo each other', () => {
    expect(patchOf(before, before)).toEqual({});
    const policies = { ...before.policies, guests_allowed: false };
    expect(patchOf(before, { ...before, capacity: '20', policies })).toEqual({
      capacity: 20,
      policies: { guests_allowed: false },
    });
  });

  it('leaves out empty lines, and takes a password away by name', () => {
    expect(patchOf(before, { ...before, criteria: [' Cost ', ''], noPassword: true })).toEqual({
      criteria: ['Cost'],
      password: null,
    });
  });
});

it('words a refusal in the language of the page, else as the server did', async () => {
  expect(problemWords('event_full', 'All 3 places are taken.')).toBe('All 3 places are taken.');
  await setLocale('ko');
  expect(problemWords('event_full', 'All 3 places are taken.')).toContain('정원이 찼습니다');
  expect(problemWords('something_new', 'New.')).toBe('New.');
});
