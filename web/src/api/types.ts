// The nouns on the wire, exactly as docs/wire.md names them. Fields may be added by the server, never renamed.
import type { Message } from './talk-types';

export type EventStatus = 'NOT_STARTED' | 'IN_PROGRESS' | 'PAUSED' | 'FINISHED';
export type MembershipStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'LEFT' | 'BANNED';
export type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'OBSERVER';
export type ProposalStatus = 'PENDING' | 'ACCEPTED' | 'REJECTED' | 'DELETED';
export type ProposalKind = 'assumption' | 'criterion' | 'conclusion';
export type Category = 'CREATION' | 'MODIFICATION' | 'DELETION';
export type Choice = 'AGREE' | 'DISAGREE' | 'ABSTAIN';
export type Locale = 'en' | 'ko';

export interface Person {
  id: string;
  name: string;
}

export interface User extends Person {
  email: string | null;
  locale: Locale;
  is_staff: boolean;
  is_guest: boolean;
  created_at: string;
}

export interface VotePolicy {
  auto_approve: boolean;
  min_votes: number;
}

export interface Policies {
  membership_auto_approved: boolean;
  guests_allowed: boolean;
  /** Whether the link for watching lets people in. */
  observers_allowed: boolean;
  password_required: boolean;
  assumption: VotePolicy;
  criterion: VotePolicy;
  conclusion: { auto_approve: boolean; threshold_percent: number };
  max_pending_per_member: number;
  images_need_approval: boolean;
}

export interface Counts {
  members: number;
  pending: number;
  observers: number;
  voters: number;
}

export type Needed = Record<ProposalKind, number | null>;

export interface Tally {
  agree: number;
  disagree: number;
  abstain: number;
}

export interface Item {
  id: string;
  kind: 'option' | 'assumption' | 'criterion';
  content: string;
  original_content: string | null;
  position: number;
  deleted: boolean;
  conclusion?: string | null;
  comment_count?: number;
}

export interface Membership {
  id: string;
  event_id: string;
  user: Person;
  status: MembershipStatus;
  role: Role;
  created_at: string;
  joined_at: string | null;
}

export interface Proposal {
  id: string;
  event_id: string;
  kind: ProposalKind;
  category: Category;
  target_id: string | null;
  content: string | null;
  reason: string | null;
  /** The version of a block of the brief that it was made of; what is older than the brief has none. */
  source?: { block_id: string; version: number } | null;
  author: Person;
  status: ProposalStatus;
  tally: Tally;
  needed: number | null;
  decided_by: Person | 'rule' | null;
  decision_reason: string | null;
  comment_count: number;
  created_at: string;
  decided_at: string | null;
  applied_at: string | null;
}

export interface Me {
  /** Null for staff who look in. */
  membership: Membership | null;
  votes: Record<string, Choice>;
  has_ballot: boolean;
  /** How far this person has read the conversation. */
  read_seq: number;
}

export interface EventHead {
  id: string;
  epoch: string;
  seq: number;
  subject: string;
  description: string | null;
  status: EventStatus;
  entrance_code: string;
  capacity: number;
  owner: Person;
  policies: Policies;
  counts: Counts;
  needed: Needed;
  comment_count: number;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  deleted: boolean;
}

export interface Event extends EventHead {
  options: Item[];
  assumptions: Item[];
  criteria: Item[];
  proposals: Proposal[];
  /** The number of the last message in the event's conversation. */
  message_seq: number;
  me: Me;
}

export interface CommentSubject {
  type: 'event' | 'criterion' | 'proposal';
  id: string;
}

export interface Comment {
  id: string;
  event_id: string;
  subject: CommentSubject;
  author: Person;
  content: string;
  created_at: string;
  edited_at: string | null;
  deleted: boolean;
}

export type BlockKind = 'heading' | 'text' | 'list' | 'image' | 'quote';

export interface Block {
  id: string;
  kind: BlockKind;
  text: string;
  attachment_id: string | null;
  /** Of the image, in pixels. */
  width: number | null;
  height: number | null;
  position: number;
  version: number;
  author: Person;
  created_at: string;
  updated_at: string;
  removed: boolean;
}

/** Who writes in a block; nobody where `holder` is null. */
export interface Lock {
  block_id: string;
  holder: (Person & { colour: string }) | null;
  expires_in_ms: number;
  broken_by: Person | null;
}

export interface LockGrant extends Lock {
  token: number;
  renew_in_ms: number;
  block: Block;
}

export interface Brief {
  /** The number of the event's last change that is in it. */
  version: number;
  blocks: Block[];
  /** Null where nobody knows. */
  locks: Lock[] | null;
}

export interface BlockVersion {
  version: number;
  text: string;
  removed: boolean;
  author: Person;
  created_at: string;
  /** Against the version before: kept, taken out, put in, in order. */
  difference: ['=' | '-' | '+', string][];
}

export interface BriefSnapshot {
  id: string;
  name: string;
  block_count: number;
  author: Person;
  created_at: string;
  restored_at: string | null;
}

export interface Stroke {
  id: string;
  author_id: string;
  points: [number, number][];
  colour: string;
  width: number;
}

interface ChangeOf<T extends string, D> {
  seq: number;
  type: T;
  at: string;
  actor: Person | null;
  data: D;
}

export type Change =
  | ChangeOf<'event.changed', EventHead>
  | ChangeOf<'turnout.changed', { counts: Counts; needed: Needed }>
  | ChangeOf<'membership.changed', Membership>
  | ChangeOf<'item.changed', Item>
  | ChangeOf<'proposal.changed', Proposal>
  | ChangeOf<'tally.changed', { proposal_id: string; tally: Tally; needed: number | null }>
  | ChangeOf<'comment.changed', Comment & { comment_count: number }>
  | ChangeOf<'person.changed', Person>
  | ChangeOf<'message.changed', Message>
  | ChangeOf<'block.changed', Block>
  | ChangeOf<'snapshot.changed', BriefSnapshot>;

export interface Changes {
  items: Change[];
  head: number;
  epoch: string;
}

export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}
