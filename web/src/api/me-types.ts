// What one person's own line brings: their events in short, what is unread, what is announced.
import type { EventSummary } from './answers';
import type { Conversation, Message } from './talk-types';
import type { Membership, Person } from './types';

export interface MyEvent extends EventSummary {
  message_seq: number;
  unread: number;
  mentions: number;
  /** Open proposals that wait for this person's vote. */
  undecided: number;
  open_proposals: number;
  queue_position: number | null;
}

export type Level = 'info' | 'warning' | 'maintenance';

export interface AnnouncementDraft {
  title: string;
  text: string;
  level: Level;
  link: string | null;
  image: string | null;
  ends_at: string | null;
}

export interface Announcement extends AnnouncementDraft {
  id: string;
  author: Person;
  created_at: string;
  /** Whoever had it before is told the new words; to all others it is no news. */
  edited_at: string | null;
  /** Null where it is told to everybody at once. */
  seen: boolean | null;
}

/** What became of an announcement. */
export type AnnouncementNews = Announcement | { id: string; deleted: true };

/** A conversation between two in which something waits. */
export type Waiting = Pick<Conversation, 'id' | 'with' | 'last_seq' | 'read_seq' | 'unread'>;

export interface Summary {
  notice_seq: number;
  events: MyEvent[];
  conversations: Waiting[];
  announcements: Announcement[];
}

/** The part of an event's summary that is the same for everybody in it, or that it is gone. */
export type Lobby = (Partial<MyEvent> & { id: string; deleted?: false }) | { id: string; deleted: true };

interface NoticeOf<T extends string, D> {
  /** Counts from 1 without a gap for each person. */
  seq: number;
  type: T;
  at: string;
  data: D;
}

export interface Receipt {
  conversation_id: string;
  user_id: string;
  delivered_seq: number;
  read_seq: number;
}

export type Notice =
  | NoticeOf<'message.changed', Message>
  | NoticeOf<'mention.made', { conversation_id: string; message: Message }>
  | NoticeOf<'receipt.changed', Receipt>
  | NoticeOf<'read.changed', { conversation_id: string; seq: number }>
  | NoticeOf<'announcement.seen', { announcement_id: string }>
  | NoticeOf<'membership.changed', Membership>;

export type NoticeLevel = 'all' | 'decisions' | 'none';
