// The audit as far as it was read: asked for anew whenever an admin does something.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { AuditEntry, AuditPage } from '../../api/answers';
import { events } from '../../api/endpoints';
import type { Change } from '../../api/types';
import { type Action, useAction } from '../../parts/action';
import { useRoom } from '../room/context';

const AFTER_A_DEED_MS = 300;

interface Audit {
  /** Null until they are here. */
  entries: AuditEntry[] | null;
  /** Where older ones begin, null where there are none. */
  older: number | null;
  load: Action<[before?: number]>;
}

export function useAudit(): Audit {
  const room = useRoom();
  const read = useSignal<AuditPage | null>(null);
  const load = useAction(async (before?: number) => {
    read.value = joined(read.value, await events.audit(room.id, before), before);
  });
  const last = room.activity.value.findLast(mayBeADeed)?.seq;
  useEffect(() => {
    // A whole queue approved at once is many deeds and one question.
    const timer = setTimeout(() => void load.run(), last ? AFTER_A_DEED_MS : 0);
    return () => clearTimeout(timer);
  }, [room, last, room.startOvers.value]);
  return { entries: read.value?.items ?? null, older: read.value?.next_before ?? null, load };
}

/** An older page goes below; a younger one above, where it reaches down to what is known. */
function joined(known: AuditPage | null, page: AuditPage, before: number | undefined): AuditPage {
  if (!known) return page;
  if (before) return { items: [...known.items, ...page.items], next_before: page.next_before };
  const youngest = known.items[0]?.seq ?? 0;
  const meets = page.next_before === null || page.items.some(({ seq }) => seq <= youngest);
  if (!meets) return page;
  const fresh = page.items.filter(({ seq }) => seq > youngest);
  return { items: [...fresh, ...known.items], next_before: known.next_before };
}

function mayBeADeed({ type, data, actor }: Change): boolean {
  if (type === 'event.changed') return true;
  if (type === 'membership.changed') return data.user.id !== actor?.id;
  if (type === 'comment.changed') return data.deleted;
  return type === 'proposal.changed' && data.status !== 'PENDING';
}
