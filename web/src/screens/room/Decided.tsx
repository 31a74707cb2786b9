// What was decided, folded away but never gone.
import type { Item, Proposal } from '../../api/types';
import { t } from '../../i18n';
import { dateTime } from '../../i18n/format';
import { Seal } from '../../parts/Icon';
import { Tally } from '../../parts/Tally';
import { useEvent } from './context';
import { Tag, Wording } from './ProposalCard';
import { Source } from './Source';

export function Decided({ proposals }: { proposals: Proposal[] }) {
  if (proposals.length === 0) return null;
  const accepted = proposals.filter(({ status }) => status === 'ACCEPTED').length;
  return (
    <details class="fold decided">
      <summary>{t('decided.summary', accepted, proposals.length - accepted)}</summary>
      <ul class="proposals fold-body">
        {proposals.toReversed().map((proposal) => (
          <DecidedRow key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </details>
  );
}

function DecidedRow({ proposal }: { proposal: Proposal }) {
  const event = useEvent();
  const accepted = proposal.status === 'ACCEPTED';
  const target = accepted ? undefined : find([...event.assumptions, ...event.criteria], proposal.target_id);
  return (
    <li class={`proposal done ${accepted ? 'accepted' : 'rejected'}`} id={`proposal-${proposal.id}`}>
      <header class="proposal-head">
        {accepted && <Seal stamped />}
        <Tag proposal={proposal} />
        <strong>{t(accepted ? 'decided.accepted' : 'decided.rejected')}</strong>
        <span class="by">{proposal.author.name}</span>
      </header>
      <Wording proposal={proposal} target={target} />
      <Source proposal={proposal} />
      <Tally
        tally={proposal.tally}
        needed={proposal.needed}
        voters={event.counts.members}
        mine={event.me.votes[proposal.id] ?? null}
        decided
      />
      <p class="by">{deciderWords(proposal)}</p>
      {proposal.decision_reason && <p class="reason">{proposal.decision_reason}</p>}
    </li>
  );
}

const find = (items: Item[], id: string | null) => items.find((one) => one.id === id);

function deciderWords({ decided_by, decided_at }: Proposal): string {
  const when = decided_at ? dateTime(decided_at) : '';
  if (!decided_by || decided_by === 'rule') return t('decided.byRule', when);
  return t('decided.by', decided_by.name, when);
}
