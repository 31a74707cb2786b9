// Where conversations, their messages and their files live on the server.
import { get, request } from './request';
import type { Attachment, AttachmentStatus, Conversation, Message, MessagePage } from './talk-types';
import type { Page } from './types';

const home = (id: string) => `/conversations/${id}`;

export const messagesPath = (id: string) => `${home(id)}/messages`;

export interface Span {
  before?: number;
  after?: number;
}

export const conversations = {
  list: (cursor?: string) => get<Page<Conversation>>(`/conversations${cursor ? `?cursor=${cursor}` : ''}`),
  one: (id: string) => get<Conversation>(home(id)),
  /** The conversation with somebody: the one there is, or a new one. */
  with: (user_id: string) => request<Conversation>('POST', '/conversations', { body: { user_id } }),
  messages: (id: string, { before, after }: Span = {}) => {
    const edge = before === undefined ? (after === undefined ? '' : `after=${after}&`) : `before=${before}&`;
    return get<MessagePage>(`${messagesPath(id)}?${edge}limit=50`);
  },
  edit: (id: string, message: string, content: string) =>
    request<Message>('PATCH', `${messagesPath(id)}/${message}`, { body: { content } }),
  remove: (id: string, message: string) => request<Message>('DELETE', `${messagesPath(id)}/${message}`),
  read: (id: string, seq: number) =>
    request<{ seq: number; unread: number }>('PUT', `${home(id)}/read`, { body: { seq } }),
  typing: (id: string) => request<void>('POST', `${home(id)}/typing`, { retries: 0 }),
  readers: (id: string, message: string) => get<{ count: number }>(`${messagesPath(id)}/${message}/readers`),
  judge: (id: string, attachment: string, status: AttachmentStatus) =>
    request<Attachment>('PATCH', `${home(id)}/attachments/${attachment}`, { body: { status } }),
};

export const attachmentsPath = (id: string, name: string) =>
  `${home(id)}/attachments?name=${encodeURIComponent(name)}`;
