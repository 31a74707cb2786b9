// Who outside is told what happens in an event: an admin's to choose.
import { get, request } from './request';
import type { Change } from './types';

export type ChangeType = Change['type'];

export const MOST_WEBHOOKS = 10;

export interface WebhookDraft {
  url: string;
  /** Null asks for all. */
  types: ChangeType[] | null;
}

export interface Webhook extends WebhookDraft {
  id: string;
  event_id: string;
  status: 'ACTIVE' | 'PAUSED' | 'DEAD';
  /** The last number that was delivered or passed over. */
  cursor: number;
  /** How often it failed since the last success. */
  attempts: number;
  failing_since: string | null;
  next_attempt_at: string | null;
  last_error: string | null;
  created_at: string;
  /** Told once, in the answer that made it. */
  secret: string | null;
}

const home = (eventId: string) => `/events/${eventId}/webhooks`;
const one = ({ event_id, id }: Webhook) => `${home(event_id)}/${id}`;

export const webhooks = {
  list: (eventId: string) => get<{ items: Webhook[] }>(home(eventId)),
  add: (eventId: string, body: WebhookDraft) => request<Webhook>('POST', home(eventId), { body }),
  change: (hook: Webhook, body: Partial<WebhookDraft> & { status?: 'ACTIVE' | 'PAUSED' }) =>
    request<Webhook>('PATCH', one(hook), { body }),
  /** Sends again all that came after a number. */
  replay: (hook: Webhook, after: number) =>
    request<Webhook>('POST', `${one(hook)}/replay`, { body: { after } }),
  remove: (hook: Webhook) => request<unknown>('DELETE', one(hook)),
};
