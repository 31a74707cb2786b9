// A settings form: what it starts from, and what of it is sent.
import type { EventPatch } from '../../api/endpoints';
import type { Event } from '../../api/types';

export function formOf(event: Event) {
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

export type Form = ReturnType<typeof formOf>;

/** Only what differs: two admins who change different things do not undo each other. */
export function patchOf(before: Form, after: Form): EventPatch {
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(before[key as keyof Form]) !== JSON.stringify(value),
  );
  const patch = Object.fromEntries(changed) as Partial<Form>;
  const { capacity, options, assumptions, criteria, noPassword, ...rest } = patch;
  return {
    ...rest,
    ...(noPassword ? { password: null } : {}),
    ...(capacity ? { capacity: Number(capacity) } : {}),
    ...(options ? { options: filled(options) } : {}),
    ...(assumptions ? { assumptions: filled(assumptions) } : {}),
    ...(criteria ? { criteria: filled(criteria) } : {}),
  };
}

const filled = (lines: string[]) => lines.map((line) => line.trim()).filter(Boolean);
