// A half-made ballot against live criteria: what still exists keeps its order, what is new comes last.

export interface BallotDraft {
  option: string | null;
  order: string[];
}

export function reconciled(order: string[], live: string[]): string[] {
  const exists = new Set(live);
  const kept = order.filter((id) => exists.has(id));
  const known = new Set(kept);
  return [...kept, ...live.filter((id) => !known.has(id))];
}

export const sameMembers = (a: string[], b: string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === a.length;

export const sameDraft = (a: BallotDraft, b: BallotDraft): boolean =>
  a.option === b.option && a.order.join() === b.order.join();

export function moved(order: string[], from: number, to: number): string[] {
  const next = [...order];
  const [id] = next.splice(from, 1);
  if (id === undefined) return order;
  next.splice(Math.max(0, Math.min(to, next.length)), 0, id);
  return next;
}
