// What a person wants the server to do, kept until the server has answered.
import type { FieldError, Problem } from '../api/problem';
import type { Method } from '../api/request';
import type { Choice } from '../api/types';

export type IntentionState = 'queued' | 'sending' | 'counted' | 'refused' | 'late';

export interface Intention {
  /** The idempotency key: made before the first sending, the same through every retry. */
  key: string;
  /** Whose intention it is: another person at the same browser never sends it. */
  userId: string;
  eventId: string;
  /** `proposal:ID`, `ballot:ID`, `talk:ID` or `brief:ID`. Intentions of one subject are sent in order. */
  subject: string;
  /** Every one of the subject counts: a later one does not take the place of one that still waits. */
  each?: true;
  /** What the screen shows meanwhile, beside the body. */
  shown?: unknown;
  method: Method;
  path: string;
  body?: unknown;
  /** What the screen shows meanwhile; null takes a vote back. */
  choice: Choice | null;
  at: number;
  attempts: number;
  state: IntentionState;
  /** It outlives this page: only then may the screen say that it is kept. */
  kept?: true;
  problem?: { code: string; detail: string; errors: FieldError[] };
}

const CLOSED_STATES = new Set(['FINISHED', 'PAUSED', 'ACCEPTED', 'REJECTED', 'DELETED']);

/** Refused because the moment had passed, not because it was wrong. */
export function cameTooLate(problem: Problem): boolean {
  if (problem.status !== 409) return false;
  return (
    CLOSED_STATES.has(currentState(problem.current)) || /closed|finished|paused|decided/.test(problem.code)
  );
}

function currentState(current: unknown): string {
  if (typeof current === 'string') return current;
  if (current && typeof current === 'object' && 'status' in current) return String(current.status);
  return '';
}

/** Tried in vain, or not to be tried: it waits for the line, not for an answer. */
export const waits = ({ state, attempts, kept }: Intention): boolean =>
  kept === true && state === 'queued' && (attempts > 0 || !navigator.onLine);

export const isOpen = ({ state }: Intention): boolean => state === 'queued' || state === 'sending';

/** Not what is said or written: that shows where it stands in its own place. */
export const isVote = ({ subject }: Intention): boolean => /^(proposal|ballot):/.test(subject);

export const isRefusedWriting = ({ subject, state }: Intention): boolean =>
  subject.startsWith('brief') && (state === 'refused' || state === 'late');
