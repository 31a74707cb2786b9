// What people say to one another, as the wire names it: conversations, their messages, what is attached to them.
import type { Category, EventStatus, Person, ProposalKind } from './types';

export type AttachmentStatus = 'PENDING' | 'APPROVED' | 'REJECTED';

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  /** Bytes. */
  size: number;
  kind: 'image' | 'file';
  width: number | null;
  height: number | null;
  /** While it is PENDING, its addresses give something to its author and to admins only. */
  status: AttachmentStatus;
  url: string;
  thumbnail_url: string | null;
}

export interface Quote {
  id: string;
  seq: number;
  author: Person | null;
  /** Empty where that was removed. */
  excerpt: string;
}

/** What Assent itself tells: `by` did it, `who` is whom it is about. */
export interface SystemLine {
  code: 'status_changed' | 'owner_changed' | 'proposal_accepted' | 'proposal_rejected' | 'kicked' | 'banned';
  by: Person | null;
  who: Person | null;
  status: EventStatus | null;
  proposal: { id: string; kind: ProposalKind; category: Category; excerpt: string } | null;
}

export interface Message {
  id: string;
  conversation_id: string;
  /** Counts from 1 without a gap in each conversation. */
  seq: number;
  kind: 'said' | 'system';
  author: Person | null;
  /** Null once it was removed, and where there are only attachments. */
  content: string | null;
  system: SystemLine | null;
  attachments: Attachment[];
  reply_to: Quote | null;
  mentions: Person[];
  created_at: string;
  edited_at: string | null;
  deleted: 'author' | 'admin' | null;
}

export interface MessagePage {
  items: Message[];
  last_seq: number;
  has_more_before: boolean;
  has_more_after: boolean;
}

export interface Conversation {
  id: string;
  kind: 'event' | 'direct';
  event_id: string | null;
  title: string | null;
  with: Person | null;
  last_message: Message | null;
  last_seq: number;
  read_seq: number;
  unread: number;
  mentions: number;
  other_delivered_seq: number | null;
  other_read_seq: number | null;
  created_at: string;
}

export interface Typing {
  conversation_id: string;
  user: Person;
}
