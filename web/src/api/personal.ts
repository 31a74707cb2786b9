// Where a person's own things live on the server: presence, what is announced, how they want to be told.
import type { Announcement, AnnouncementDraft, NoticeLevel } from './me-types';
import { get, request } from './request';
import type { Page } from './types';

export const presence = {
  tell: (eventId: string, status: 'active' | 'idle') =>
    request<void>('PUT', `/events/${eventId}/presence`, { body: { status } }),
};

const one = (id: string) => `/announcements/${id}`;

export const announcements = {
  list: (cursor?: string) => get<Page<Announcement>>(`/announcements${cursor ? `?cursor=${cursor}` : ''}`),
  publish: (draft: AnnouncementDraft) => request<Announcement>('POST', '/announcements', { body: draft }),
  end: (id: string) =>
    request<Announcement>('PATCH', one(id), { body: { ends_at: new Date().toISOString() } }),
  remove: (id: string) => request<void>('DELETE', one(id)),
  seen: (id: string) => request<void>('PUT', `${one(id)}/seen`),
};

const notificationsOf = (eventId: string) => `/events/${eventId}/notifications`;

export const notifications = {
  of: (eventId: string) => get<{ level: NoticeLevel }>(notificationsOf(eventId)),
  set: (eventId: string, level: NoticeLevel) =>
    request<{ level: NoticeLevel }>('PUT', notificationsOf(eventId), { body: { level } }),
};

export const push = {
  /** Refused where push is not set up. */
  key: () => get<{ key: string }>('/me/push-key'),
  subscribe: (subscription: PushSubscriptionJSON) =>
    request<unknown>('POST', '/me/push-subscriptions', { body: subscription }),
  unsubscribe: (endpoint: string) =>
    request<void>('DELETE', '/me/push-subscriptions', { body: { endpoint } }),
};
