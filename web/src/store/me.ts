// What is mine, live: one summary when a line opens, then what changes. Every screen reads it from here.
import { batch, computed, signal } from '@preact/signals';
import { conversations } from '../api/conversations';
import { events } from '../api/endpoints';
import type { Announcement, Notice } from '../api/me-types';
import { announcements as api } from '../api/personal';
import { observeMessage } from '../live/clock';
import type { Line, LineState } from '../live/line';
import { type Heard, openPersonal, type PersonalEvents } from '../live/personal';
import { earOf, everyEar, markRead, readMarks } from './ears';
import {
  fromSummary,
  type Mine,
  unreadOf,
  withAnnouncement,
  withConversation,
  withEvent,
  withLobby,
  withNotice,
  withoutAnnouncement,
  withRead,
} from './lobby';

export const mine = signal<Mine | null>(null);
export const myLine = signal<LineState>({ kind: 'connecting' });
/** Until a line has said its summary anew, its numbers are taken whatever they are. */
let fresh = true;

/** With the marks that this browser has set itself a moment ago. */
export const lobby = computed<Mine | null>(() =>
  Object.entries(readMarks.value).reduce((now, [id, seq]) => now && withRead(now, id, seq), mine.value),
);
export const announced = computed(() => (mine.value?.announcements.length ?? 0) > 0);
export const unread = computed(() => (lobby.value ? unreadOf(lobby.value) : 0));

export function openMine(userId: string): Line {
  mine.value = null;
  readMarks.value = {};
  fresh = true;
  return openPersonal(userId, new Folding(userId));
}

class Folding implements PersonalEvents {
  constructor(private readonly userId: string) {}

  frame(frame: Heard): void {
    batch(() => this.fold(frame));
  }

  state(state: LineState): void {
    if (state.kind === 'open' && myLine.value.kind !== 'open') fresh = true;
    myLine.value = state;
  }

  greeting(): unknown {
    return mine.value;
  }

  greeted(known: unknown): void {
    const theirs = known as Mine | null;
    if (theirs && theirs.seq >= (mine.value?.seq ?? 0)) mine.value = theirs;
    myLine.value = { kind: 'open' };
  }

  private fold(frame: Heard): void {
    const now = mine.value;
    if (frame.type === 'summary') this.summary(frame.summary);
    else if (frame.type === 'heartbeat') observeMessage(frame.at);
    else if (frame.type === 'typing') earOf(frame.typing.conversation_id)?.typed(frame.typing);
    else if (now && frame.type === 'notice') this.notice(now, frame.notice);
    else if (now && frame.type === 'lobby') mine.value = withLobby(now, frame.lobby);
    else if (now && frame.type === 'announcement') mine.value = withAnnouncement(now, frame.announcement);
  }

  private summary(summary: Parameters<typeof fromSummary>[0]): void {
    if (!fresh && summary.notice_seq < (mine.value?.seq ?? 0)) return;
    fresh = false;
    mine.value = fromSummary(summary, mine.value);
    for (const ear of everyEar()) ear.back();
  }

  private notice(now: Mine, notice: Notice): void {
    if (notice.seq <= now.seq) return;
    observeMessage(notice.at);
    mine.value = withNotice(now, notice, this.userId);
    if (notice.type === 'message.changed') heard(notice.data.conversation_id, now, notice);
    if (notice.type === 'receipt.changed') earOf(notice.data.conversation_id)?.receipt(notice.data);
    if (notice.type === 'read.changed') markRead(notice.data.conversation_id, notice.data.seq);
    if (notice.type === 'membership.changed') void met(now, notice.data.event_id, notice.data.status);
  }
}

function heard(id: string, now: Mine, notice: Notice & { type: 'message.changed' }): void {
  earOf(id)?.heard(notice.data);
  if (!now.conversations.some((one) => one.id === id)) void remember(id);
}

/** The first word of somebody new. */
async function remember(id: string): Promise<void> {
  const talk = await conversations.one(id).catch(() => null);
  if (talk && mine.value) mine.value = withConversation(mine.value, talk);
}

/** An event that became mine elsewhere. */
async function met(now: Mine, id: string, status: string): Promise<void> {
  if (now.events.some((one) => one.id === id) || status === 'LEFT' || status === 'BANNED') return;
  const list = await events.list().catch(() => null);
  const event = list?.items.find((one) => one.id === id);
  if (!event || !mine.value) return;
  const quiet = {
    message_seq: 0,
    unread: 0,
    mentions: 0,
    undecided: 0,
    open_proposals: 0,
    queue_position: null,
  };
  mine.value = withEvent(mine.value, { ...quiet, ...event });
}

export function understood(id: string): void {
  if (mine.value) mine.value = { ...mine.value, gone: mine.value.gone.filter((one) => one.id !== id) };
}

/** Seen on every device of this person. */
export async function seen({ id }: Announcement): Promise<void> {
  if (mine.value) mine.value = withoutAnnouncement(mine.value, id);
  await api.seen(id).catch(() => {});
}

/** All conversations between two, also those in which nothing is unread. */
export async function learnTalks(): Promise<void> {
  let cursor: string | undefined;
  do {
    const page = await conversations.list(cursor);
    const direct = page.items.filter(({ kind }) => kind === 'direct');
    if (mine.value) mine.value = direct.reduce(withConversation, mine.value);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
}

/** Opens the conversation with somebody, the one there is or a new one. */
export async function talkTo(userId: string): Promise<string> {
  const talk = await conversations.with(userId);
  if (mine.value) mine.value = withConversation(mine.value, talk);
  return talk.id;
}
