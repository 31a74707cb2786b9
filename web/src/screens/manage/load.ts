// Everybody of an event, page after page.
import { members } from '../../api/endpoints';
import type { Membership } from '../../api/types';

export async function allMembers(eventId: string): Promise<Membership[]> {
  const found: Membership[] = [];
  let cursor: string | undefined;
  do {
    const page = await members.list(eventId, undefined, cursor);
    found.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor);
  return found;
}
