// Where a proposal has its words from.
import type { Proposal } from '../../api/types';
import { t } from '../../i18n';

export function Source({ proposal: { event_id, source } }: { proposal: Proposal }) {
  if (!source) return null;
  return (
    <a class="source" href={`/events/${event_id}/brief?block=${source.block_id}`}>
      {t('proposal.source', source.version)}
    </a>
  );
}
