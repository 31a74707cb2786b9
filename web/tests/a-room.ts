// A small cast for the tests: Dana owns the room, Mina votes in it.
import type { Block, Event, Membership, Person, Proposal } from '../src/api/types';

export const dana: Person = { id: 'dana', name: 'Dana' };
export const mina: Person = { id: 'mina', name: 'Mina' };

export const membership = (user: Person, part: Partial<Membership> = {}): Membership => ({
  id: `m-${user.id}`,
  event_id: 'e',
  user,
  status: 'ACCEPTED',
  role: 'MEMBER',
  created_at: '2026-03-02T09:00:00Z',
  joined_at: '2026-03-02T09:00:00Z',
  ...part,
});

export const proposal = (part: Partial<Proposal> = {}): Proposal => ({
  id: 'p',
  event_id: 'e',
  kind: 'assumption',
  category: 'CREATION',
  target_id: null,
  content: 'We are back by six.',
  reason: null,
  author: dana,
  status: 'PENDING',
  tally: { agree: 1, disagree: 0, abstain: 0 },
  needed: 3,
  decided_by: null,
  decision_reason: null,
  comment_count: 0,
  created_at: '2026-03-02T09:00:00Z',
  decided_at: null,
  applied_at: null,
  ...part,
});

export const event = (part: Partial<Event> = {}): Event => ({
  id: 'e',
  epoch: 'x',
  seq: 10,
  subject: 'Where do we meet?',
  description: '',
  status: 'IN_PROGRESS',
  entrance_code: 'HK7M3P',
  capacity: 10,
  owner: dana,
  policies: {
    membership_auto_approved: true,
    guests_allowed: true,
    observers_allowed: false,
    password_required: false,
    assumption: { auto_approve: true, min_votes: 3 },
    criterion: { auto_approve: true, min_votes: 3 },
    conclusion: { auto_approve: true, threshold_percent: 50 },
    max_pending_per_member: 5,
    images_need_approval: false,
  },
  counts: { members: 2, pending: 0, observers: 0, voters: 0 },
  needed: { assumption: 3, criterion: 3, conclusion: 1 },
  comment_count: 0,
  created_at: '2026-03-02T09:00:00Z',
  started_at: '2026-03-02T09:00:00Z',
  finished_at: null,
  deleted: false,
  options: [],
  assumptions: [],
  criteria: [],
  proposals: [proposal()],
  message_seq: 0,
  me: { membership: membership(mina), votes: {}, has_ballot: false, read_seq: 0 },
  ...part,
});

export const aBlock = (part: Partial<Block> = {}): Block => ({
  id: 'b',
  kind: 'text',
  text: 'One.',
  attachment_id: null,
  width: null,
  height: null,
  position: 1,
  version: 1,
  author: dana,
  created_at: '2026-03-02T09:00:00Z',
  updated_at: '2026-03-02T09:00:00Z',
  removed: false,
  ...part,
});
