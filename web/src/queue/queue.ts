// The intention queue: shows a vote at once, sends it when it can, and never drops one without saying so.
import { signal } from '@preact/signals';
import { newKey } from '../api/key';
import { Problem, Unreachable } from '../api/problem';
import { backoff, request } from '../api/request';
import { cameTooLate, type Intention, isOpen } from './intention';
import { openShelf, type Shelf } from './shelf';

/** Everything that waits or was refused, oldest first. */
export const intentions = signal<Intention[]>([]);

type Answered = (intention: Intention, answer: unknown) => void;
const listeners = new Set<Answered>();
export function onAnswered(listener: Answered): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** No stream says who voted how: the other tabs of the same person hear it from this one. */
const tabs = 'BroadcastChannel' in globalThis ? new BroadcastChannel('assent:answers') : null;
if (tabs) tabs.onmessage = ({ data: [intention, answer] }) => tell(intention, answer);

const COUNTED_SHOWN_MS = 4_000;
const PROBE_MS = 15_000;
let shelf: Promise<Shelf> | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let owner: string | null = null;
const busy = new Set<string>();

/** Picks up what an earlier page of the same person left behind. */
export async function startQueue(userId: string | null): Promise<void> {
  owner = userId;
  const left = await (await opened()).all();
  const mine = left.filter((one) => one.userId === userId).map(asQueued);
  const known = new Set(intentions.value.map(({ key }) => key));
  const kept = intentions.value.filter((one) => one.userId === userId);
  intentions.value = [...kept, ...mine.filter(({ key }) => !known.has(key))].sort((a, b) => a.at - b.at);
  drain();
}

type Wish = Omit<Intention, 'at' | 'attempts' | 'state' | 'problem'>;

export async function enqueue(wish: Wish): Promise<Intention> {
  const intention: Intention = { ...wish, at: Date.now(), attempts: 0, state: 'queued' };
  const replaced = wish.each ? [] : intentions.value.filter((one) => isReplaced(one, wish));
  const keys = new Set(replaced.map(({ key }) => key));
  intentions.value = [...intentions.value.filter(({ key }) => !keys.has(key)), intention];
  const shelved = await opened();
  await Promise.all(replaced.map(({ key }) => shelved.remove(key)));
  await keep(intention);
  drain();
  return intention;
}

/** Takes back what was never sent. False: it is on its way, only a new intention can undo it. */
export function cancel(key: string): boolean {
  const found = intentions.value.find((one) => one.key === key);
  if (!found || found.attempts > 0 || found.state !== 'queued') return false;
  dismiss(key);
  return true;
}

export function dismiss(key: string): void {
  intentions.value = intentions.value.filter((one) => one.key !== key);
  void opened().then((shelved) => shelved.remove(key));
}

/** What was refused is tried once more, by the person's wish. A key would bring the same answer again. */
export async function retry(key: string): Promise<void> {
  const found = intentions.value.find((one) => one.key === key);
  if (!found || isOpen(found)) return;
  dismiss(key);
  const { problem: _, state: __, attempts: ___, at: ____, kept: _____, ...wish } = found;
  await enqueue({ ...wish, key: newKey() });
}

export const latestFor = (eventId: string, subject: string): Intention | undefined =>
  intentions.value.findLast((one) => one.eventId === eventId && one.subject === subject);

/** Sends whatever can be sent; one at a time per subject, in order. */
export function drain(): void {
  clearTimeout(timer);
  if (!navigator.onLine) later(PROBE_MS, probe);
  else probe();
}

/** Browsers are sometimes wrong about being offline, so it is tried anyway, now and then. */
function probe(): void {
  for (const subject of new Set(waiting().map((one) => one.subject))) void drainSubject(subject);
}

async function drainSubject(subject: string): Promise<void> {
  if (busy.has(subject)) return;
  busy.add(subject);
  try {
    for (let next = firstOf(subject); next; next = firstOf(subject)) if (!(await attempt(next))) break;
  } finally {
    busy.delete(subject);
  }
}

const waiting = () => intentions.value.filter((one) => isOpen(one) && one.userId === owner);
const firstOf = (subject: string) => waiting().find((one) => one.subject === subject);
const isReplaced = (one: Intention, by: Wish) => one.subject === by.subject && !mustBeSent(one);
const mustBeSent = (one: Intention) => isOpen(one) && (one.attempts > 0 || one.state === 'sending');
const asQueued = (one: Intention): Intention => (one.state === 'sending' ? { ...one, state: 'queued' } : one);

/** True when the server has given its answer, whatever it was. */
async function attempt(intention: Intention): Promise<boolean> {
  const { method, path, body, key } = intention;
  const sending = await update({ ...intention, state: 'sending', attempts: intention.attempts + 1 });
  try {
    const answer = await request(method, path, { body, key, retries: 0 });
    await settle(sending, answer);
    return true;
  } catch (error) {
    if (error instanceof Problem && !error.passing) {
      await refuse(sending, error);
      return true;
    }
    await update({ ...sending, state: 'queued' });
    tryAgain(sending.attempts, error);
    if (!(error instanceof Problem || error instanceof Unreachable)) throw error;
    return false;
  }
}

async function settle(intention: Intention, answer: unknown): Promise<void> {
  tell(intention, answer);
  tabs?.postMessage([intention, answer]);
  show({ ...intention, state: 'counted' });
  await (await opened()).remove(intention.key);
  setTimeout(() => hide(intention.key), COUNTED_SHOWN_MS);
}

function tell(intention: Intention, answer: unknown): void {
  if (intention.userId === owner) for (const listener of listeners) listener(intention, answer);
}

async function refuse(intention: Intention, problem: Problem): Promise<void> {
  if (problem.code === 'vote_not_found') return dismiss(intention.key);
  const { code, message: detail, errors } = problem;
  const state = cameTooLate(problem) ? 'late' : 'refused';
  await update({ ...intention, state, problem: { code, detail, errors } });
}

function tryAgain(attempts: number, error: unknown): void {
  const asked = error instanceof Problem ? (error.retryAfter ?? 0) * 1000 : 0;
  later(asked + backoff(attempts), drain);
}

function later(ms: number, work: () => void): void {
  clearTimeout(timer);
  timer = setTimeout(work, ms);
}

async function update(intention: Intention): Promise<Intention> {
  show(intention);
  return keep(intention);
}

/** A full disk keeps nothing: it is sent all the same, and never called kept. */
async function keep(intention: Intention): Promise<Intention> {
  const kept: Intention = { ...intention, kept: true };
  try {
    await (await opened()).put(kept);
  } catch {
    return intention;
  }
  intentions.value = intentions.value.map((one) => (one.key === kept.key ? { ...one, kept: true } : one));
  return kept;
}

function show(intention: Intention): void {
  intentions.value = intentions.value.map((one) => (one.key === intention.key ? intention : one));
}

function hide(key: string): void {
  intentions.value = intentions.value.filter((one) => one.key !== key || one.state !== 'counted');
}

const opened = () => {
  shelf ??= openShelf();
  return shelf;
};

globalThis.addEventListener?.('online', drain);
