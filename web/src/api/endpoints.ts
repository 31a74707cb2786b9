// Every address the client knows, by what it does. No other module spells a path.

import type {
  AuditPage,
  Ballot,
  BulkAnswer,
  CodeCheck,
  EventDraft,
  EventSummary,
  Overview,
  Result,
  Session,
} from './answers';
import { get, request } from './request';
import type {
  Category,
  Changes,
  Comment,
  Event,
  EventStatus,
  Locale,
  Membership,
  MembershipStatus,
  Page,
  Policies,
  Proposal,
  ProposalKind,
  ProposalStatus,
  Role,
  User,
} from './types';

export const COLLECTION: Record<ProposalKind, string> = {
  assumption: 'assumption-proposals',
  criterion: 'criteria-proposals',
  conclusion: 'conclusion-proposals',
};

interface SignedIn {
  user: User;
}

/** What it takes to come in: as a member, or to watch. */
export interface Entry {
  entrance_code: string;
  password?: string;
  observe?: true;
}

export const auth = {
  me: () => get<User>('/auth/me'),
  signup: (body: { email: string; password: string; name: string; locale: Locale }) =>
    request<SignedIn>('POST', '/auth/signup', { body }),
  login: (body: { email: string; password: string }) => request<SignedIn>('POST', '/auth/login', { body }),
  logout: () => request<void>('POST', '/auth/logout'),
  guest: (body: Entry & { name: string; locale: Locale }) =>
    request<SignedIn & { membership: Membership }>('POST', '/auth/guest', { body }),
  claim: (body: { email: string; password: string }) => request<SignedIn>('POST', '/auth/claim', { body }),
  change: (body: { name?: string; locale?: Locale; password?: string; current_password?: string }) =>
    request<User>('PATCH', '/auth/me', { body }),
  /** Everything that is kept about the caller, to be taken along as it is. */
  export: () => get<unknown>('/auth/me/export'),
  forget: () => request<User>('DELETE', '/auth/me'),
  sessions: () => get<Page<Session>>('/auth/sessions'),
  endSession: (id: string) => request<void>('DELETE', `/auth/sessions/${id}`),
  askReset: (email: string) => request<void>('POST', '/auth/password-reset/request', { body: { email } }),
  confirmReset: (body: { token: string; password: string }) =>
    request<void>('POST', '/auth/password-reset/confirm', { body }),
};

export const events = {
  list: (cursor?: string) => get<Page<EventSummary>>(`/events?limit=50${cursor ? `&cursor=${cursor}` : ''}`),
  create: (body: EventDraft) => request<Event>('POST', '/events', { body }),
  check: (entrance_code: string) =>
    request<CodeCheck>('POST', '/events/entrance-code/check', { body: { entrance_code } }),
  freeCode: () => get<{ entrance_code: string }>('/events/entrance-code/generate'),
  enter: (body: Entry) => request<Membership>('POST', '/events/entry', { body }),
  overview: (id: string) => get<Overview>(`/events/${id}/overview`),
  one: (id: string) => get<Event>(`/events/${id}`),
  change: (id: string, body: EventPatch) => request<Event>('PATCH', `/events/${id}`, { body }),
  move: (id: string, status: EventStatus) =>
    request<Event>('PATCH', `/events/${id}/status`, { body: { status } }),
  remove: (id: string) => request<void>('DELETE', `/events/${id}`),
  changes: (id: string, after: number) => get<Changes>(`/events/${id}/changes?after=${after}`),
  audit: (id: string, before?: number) =>
    get<AuditPage>(`/events/${id}/audit${before ? `?before=${before}` : ''}`),
  leave: (id: string) => request<Membership>('POST', `/events/${id}/leave`),
  handOver: (id: string, user_id: string) =>
    request<Event>('POST', `/events/${id}/transfer-ownership`, { body: { user_id } }),
  result: (id: string) => get<Result>(`/events/${id}/votes/result`),
  ballot: (id: string) => get<Ballot>(`/events/${id}/votes/me`),
};

export interface EventPatch {
  subject?: string;
  description?: string;
  capacity?: number;
  entrance_code?: string;
  password?: string | null;
  policies?: Partial<Omit<Policies, 'password_required'>>;
  options?: string[];
  assumptions?: string[];
  criteria?: string[];
}

export type MemberVerb = 'approve' | 'reject' | 'reset' | 'kick' | 'ban' | 'unban';

export const members = {
  list: (id: string, status?: MembershipStatus, cursor?: string) =>
    get<Page<Membership>>(
      `/events/${id}/memberships?limit=100${status ? `&status=${status}` : ''}${cursor ? `&cursor=${cursor}` : ''}`,
    ),
  act: (id: string, membershipId: string, verb: MemberVerb) =>
    request<Membership>('PATCH', `/events/${id}/memberships/${membershipId}/${verb}`),
  role: (id: string, membershipId: string, role: Role) =>
    request<Membership>('PATCH', `/events/${id}/memberships/${membershipId}/role`, { body: { role } }),
  bulk: (id: string, verb: 'approve' | 'reject', membership_ids?: string[]) =>
    request<BulkAnswer>('POST', `/events/${id}/memberships/bulk-${verb}`, {
      body: membership_ids ? { membership_ids } : {},
    }),
};

export interface ProposalDraft {
  category: Category;
  target_id?: string;
  content?: string;
  reason?: string;
}

export const proposals = {
  create: (id: string, kind: ProposalKind, draft: ProposalDraft) =>
    kind === 'conclusion'
      ? request<Proposal>('POST', `/events/${id}/criteria/${draft.target_id}/conclusion-proposals`, {
          body: { content: draft.content, ...(draft.reason ? { reason: draft.reason } : {}) },
        })
      : request<Proposal>('POST', `/events/${id}/${COLLECTION[kind]}`, { body: draft }),
  remove: (proposal: Proposal) => request<void>('DELETE', proposalPath(proposal)),
  decide: (proposal: Proposal, status: ProposalStatus, reason?: string) =>
    request<Proposal>('PATCH', `${proposalPath(proposal)}/status`, {
      body: { status, ...(reason ? { reason } : {}) },
    }),
};

export const proposalPath = (proposal: Pick<Proposal, 'event_id' | 'kind' | 'id'>) =>
  `/events/${proposal.event_id}/${COLLECTION[proposal.kind]}/${proposal.id}`;

export const votesPath = (proposal: Pick<Proposal, 'event_id' | 'kind' | 'id'>) =>
  `${proposalPath(proposal)}/votes`;

export const ballotPath = (id: string) => `/events/${id}/votes`;

export const comments = {
  page: (id: string, subject: string, cursor?: string) =>
    get<Page<Comment>>(`/events/${id}/comments?subject=${subject}${cursor ? `&cursor=${cursor}` : ''}`),
  add: (id: string, subject: string, content: string) =>
    request<Comment>('POST', `/events/${id}/comments?subject=${subject}`, { body: { content } }),
  edit: (id: string, commentId: string, content: string) =>
    request<Comment>('PATCH', `/events/${id}/comments/${commentId}`, { body: { content } }),
  remove: (id: string, commentId: string) => request<void>('DELETE', `/events/${id}/comments/${commentId}`),
};
