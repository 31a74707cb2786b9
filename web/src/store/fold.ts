// The one reducer: what an event looks like after a change. Pure; the same cases as the server's own `fold`,
// held together by the files in tests/fixtures/fold.
import type { Message } from '../api/talk-types';
import type {
  Block,
  Brief,
  Change,
  Comment,
  Event,
  Item,
  Membership,
  Needed,
  Person,
  Proposal,
} from '../api/types';

export function fold(event: Event, change: Change): Event {
  if (change.seq <= event.seq) return event;
  return { ...applied(event, change), seq: change.seq };
}

export const foldAll = (event: Event, changes: Change[]): Event => changes.reduce(fold, event);

/** A change this viewer may not see: it moves the cursor and nothing else. */
export const moveTo = (event: Event, seq: number): Event => (seq > event.seq ? { ...event, seq } : event);

/** What the shared brief looks like after a change of its event. Locks are told by signals alone. */
export function foldBrief(brief: Brief, change: Change): Brief {
  if (change.seq <= brief.version) return brief;
  return { ...brief, blocks: blocksAfter(brief.blocks, change), version: change.seq };
}

function blocksAfter(blocks: Block[], change: Change): Block[] {
  if (change.type === 'person.changed') {
    const named = namer(change.data);
    return blocks.map((block) => ({ ...block, author: named(block.author) }));
  }
  if (change.type !== 'block.changed') return blocks;
  const others = blocks.filter(({ id }) => id !== change.data.id);
  return change.data.removed ? others : [...others, change.data].sort(byPosition);
}

function applied(event: Event, change: Change): Event {
  switch (change.type) {
    case 'event.changed':
      return withNeeded({ ...event, ...change.data }, change.data.needed);
    case 'turnout.changed':
      return withNeeded({ ...event, ...change.data }, change.data.needed);
    case 'membership.changed':
      return withMembership(event, change.data);
    case 'item.changed':
      return withItem(event, change.data);
    case 'proposal.changed':
      return { ...event, proposals: withProposal(event.proposals, change.data) };
    case 'tally.changed':
      return withTally(event, change.data);
    case 'comment.changed':
      return withCommentCount(event, change.data);
    case 'message.changed':
      return withMessage(event, change.data);
    case 'person.changed':
      return withName(event, change.data);
    default:
      return event;
  }
}

function withNeeded(event: Event, needed: Needed): Event {
  const proposals = event.proposals.map((proposal) =>
    proposal.status === 'PENDING' ? { ...proposal, needed: needed[proposal.kind] } : proposal,
  );
  return { ...event, proposals };
}

function withMembership(event: Event, membership: Membership): Event {
  if (membership.user.id !== event.me.membership?.user.id) return event;
  const me = { ...event.me, membership };
  if (votes(membership) || event.status === 'FINISHED') return { ...event, me };
  const pending = new Set(event.proposals.filter(isPending).map(({ id }) => id));
  const kept = Object.entries(me.votes).filter(([id]) => !pending.has(id));
  return { ...event, me: { ...me, votes: Object.fromEntries(kept), has_ballot: false } };
}

export const votes = ({ status, role }: Membership): boolean => status === 'ACCEPTED' && role !== 'OBSERVER';

export const isPending = ({ status }: Proposal): boolean => status === 'PENDING';

/** What a proposal is about, while it lives. */
export const targetOf = ({ assumptions, criteria }: Event, { target_id }: Proposal): Item | undefined =>
  [...assumptions, ...criteria].find(({ id }) => id === target_id);

const LIST = { option: 'options', assumption: 'assumptions', criterion: 'criteria' } as const;

function withItem(event: Event, item: Item): Event {
  const list = LIST[item.kind];
  const others = event[list].filter(({ id }) => id !== item.id);
  const items = item.deleted ? others : [...others, item].sort(byPosition);
  return { ...event, [list]: items };
}

const byPosition = (a: Placed, b: Placed) => a.position - b.position || byId(a, b);
type Placed = { id: string; position: number };
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function withProposal(proposals: Proposal[], proposal: Proposal): Proposal[] {
  const others = proposals.filter(({ id }) => id !== proposal.id);
  return proposal.status === 'DELETED' ? others : [...others, proposal].sort(byId);
}

function withTally(
  event: Event,
  { proposal_id, tally, needed }: Pick<Proposal, 'tally' | 'needed'> & { proposal_id: string },
): Event {
  const proposals = event.proposals.map((proposal) =>
    proposal.id === proposal_id ? { ...proposal, tally, needed } : proposal,
  );
  return { ...event, proposals };
}

function withCommentCount(
  event: Event,
  { subject, comment_count }: Comment & { comment_count: number },
): Event {
  const counted = <T extends { id: string }>(list: T[]) =>
    list.map((one) => (one.id === subject.id ? { ...one, comment_count } : one));
  if (subject.type === 'event') return { ...event, comment_count };
  if (subject.type === 'criterion') return { ...event, criteria: counted(event.criteria) };
  return { ...event, proposals: counted(event.proposals) };
}

/** Whoever says something has read what came before it. */
function withMessage(event: Event, { seq, author }: Message): Event {
  const news = { ...event, message_seq: Math.max(event.message_seq, seq) };
  const mine = author !== null && author.id === event.me.membership?.user.id;
  return mine ? { ...news, me: { ...event.me, read_seq: Math.max(event.me.read_seq, seq) } } : news;
}

function withName(event: Event, person: Person): Event {
  const named = namer(person);
  const proposals = event.proposals.map((proposal) => ({
    ...proposal,
    author: named(proposal.author),
    decided_by: named(proposal.decided_by),
  }));
  const own = event.me.membership;
  const me = own ? { ...event.me, membership: { ...own, user: named(own.user) } } : event.me;
  return { ...event, owner: named(event.owner), proposals, me };
}

/** Gives this person the name they have now, and leaves everybody else alone. */
const namer =
  ({ id, name }: Person) =>
  <T extends Person | string | null>(who: T): T =>
    who !== null && typeof who === 'object' && who.id === id ? { ...who, name } : who;
