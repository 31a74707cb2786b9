// What single requests answer or take, beside the nouns that are streamed.
import type {
  Choice,
  Counts,
  EventHead,
  EventStatus,
  Item,
  Membership,
  MembershipStatus,
  Person,
  Policies,
  Proposal,
  ProposalStatus,
  Role,
  Tally,
} from './types';

export interface EventSummary {
  id: string;
  subject: string;
  status: EventStatus;
  counts: Counts;
  capacity: number;
  entrance_code: string;
  me: { membership: Membership | null; has_ballot: boolean };
  created_at: string;
}

export interface CodeCheck {
  valid: boolean;
  event_id: string;
  subject: string;
  status: EventStatus;
  guests_allowed: boolean;
  observers_allowed: boolean;
  password_required: boolean;
  members: number;
  capacity: number;
  membership_auto_approved: boolean;
  can_enter: boolean;
  /** The code of what keeps this person out. */
  refusal: string | null;
}

export interface Overview {
  id: string;
  refusal: string | null;
  subject: string;
  description: string | null;
  status: EventStatus;
  capacity: number;
  counts: Counts;
  policies: Policies;
  options: Item[];
  owner: Person;
  me: { membership: Membership; queue_position?: number | null } | null;
}

export interface VoteAnswer {
  proposal_id: string;
  choice: Choice | null;
  tally: Tally;
  status: ProposalStatus;
  seq: number;
}

export interface Ballot {
  option_id: string;
  criterion_ids: string[];
}

export interface Result {
  total_members: number;
  voters: number;
  options: { option_id: string; content: string; votes: number }[];
  criteria: { criterion_id: string; content: string; first_choices: number; weighted_score: number }[];
}

export interface Session {
  id: string;
  name: string | null;
  user_agent: string;
  created_at: string;
  last_used_at: string | null;
  current: boolean;
}

export interface BulkAnswer {
  approved: number;
  rejected: number;
  no_place: number;
}

export interface EventDraft {
  subject: string;
  description?: string;
  options: string[];
  assumptions: string[];
  criteria: string[];
  capacity: number;
  entrance_code?: string;
  password?: string;
  policies?: Partial<Omit<Policies, 'password_required'>>;
}

interface Deed<A extends string, D> {
  seq: number;
  at: string;
  actor: Person;
  action: A;
  subject: string;
  detail: D;
}

/** What an edit of the event led to: the fields that it changed. */
export type EditedFields = Partial<
  Pick<EventHead, 'subject' | 'description' | 'status' | 'entrance_code' | 'capacity' | 'policies' | 'owner'>
>;

/** One deed of an admin: something done to others. */
export type AuditEntry =
  | Deed<'event.opened' | 'event.moved' | 'event.edited' | 'event.deleted', EditedFields>
  | Deed<
      `membership.${'pending' | 'accepted' | 'rejected' | 'left' | 'banned' | 'role'}`,
      { user: Person; role: Role; earlier_status: MembershipStatus | null }
    >
  | Deed<
      `proposal.${'accepted' | 'rejected' | 'deleted'}`,
      Pick<Proposal, 'kind' | 'category' | 'content' | 'decision_reason'>
    >
  | Deed<'comment.removed', { author: Person }>;

export interface AuditPage {
  items: AuditEntry[];
  /** Null on the last page. */
  next_before: number | null;
}
