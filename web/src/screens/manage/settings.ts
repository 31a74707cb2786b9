// A settings form: what it starts from, and what of it is sent.
import type { EventPatch } from '../../api/endpoints';
import type { Event } from '../../api/types';
import { filled } from '../../parts/ContentLines';

export function draftOf(event: Event) {
  const { password_required: _, ...policies } = event.policies;
  return {
    subject: event.subject,
    description: event.description ?? '',
    capacity: String(event.capacity),
    entrance_code: event.entrance_code,
    password: '',
    /** Takes the password away. */
    noPassword: false,
    policies,
    options: event.options.map(({ content }) => content),
    assumptions: event.assumptions.map(({ content }) => content),
    criteria: event.criteria.map(({ content }) => content),
  };
}

export type Draft = ReturnType<typeof draftOf>;

/** Only what differs: two admins who change different things do not undo each other. */
export function patchOf(before: Draft, after: Draft): EventPatch {
  const patch = differing(before, after);
  const { capacity, options, assumptions, criteria, noPassword, policies, ...rest } = patch;
  return {
    ...rest,
    ...(policies ? { policies: differing(before.policies, policies) } : {}),
    ...(noPassword ? { password: null } : {}),
    ...(capacity ? { capacity: Number(capacity) } : {}),
    ...(options ? { options: filled(options) } : {}),
    ...(assumptions ? { assumptions: filled(assumptions) } : {}),
    ...(criteria ? { criteria: filled(criteria) } : {}),
  };
}

/** The fields of `after` that say something else than before. */
export function differing<T extends object>(before: T, after: T): Partial<T> {
  const same = (key: string) =>
    JSON.stringify(before[key as keyof T]) === JSON.stringify(after[key as keyof T]);
  return Object.fromEntries(Object.entries(after).filter(([key]) => !same(key))) as Partial<T>;
}
