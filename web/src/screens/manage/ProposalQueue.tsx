// Proposals that nobody has decided yet, oldest first, with the admin's two answers.
import { useSignal } from '@preact/signals';
import type { Proposal } from '../../api/types';
import { t } from '../../i18n';
import { useSettled } from '../../parts/settled';
import { Tally } from '../../parts/Tally';
import { isPending, targetOf } from '../../store/fold';
import { useEvent } from '../room/context';
import { DecideBar, DecideDialog } from '../room/DecideBar';
import { Tag, Wording } from '../room/ProposalCard';
import { useQueueKeys } from './keys';

interface Asked {
  proposal: Proposal;
  verdict: 'ACCEPTED' | 'REJECTED';
}

export function ProposalQueue() {
  const event = useEvent();
  const pending = useSettled(event.proposals.filter(isPending));
  const asked = useSignal<Asked | null>(null);
  const keys = useQueueKeys(pending, (proposal, verb) => {
    if (verb === 'select') return;
    asked.value = { proposal, verdict: verb === 'accept' ? 'ACCEPTED' : 'REJECTED' };
  });
  return (
    <section class="card" aria-labelledby="pending" ref={keys.box}>
      <h2 id="pending" tabIndex={-1}>
        {t('queue.proposals', pending.length)}
      </h2>
      {pending.length === 0 && <p class="empty">{t('queue.noProposals')}</p>}
      <ul class="proposals">
        {pending.map((proposal) => (
          <li key={proposal.id} class="proposal" data-key={proposal.id} tabIndex={-1}>
            <header class="proposal-head">
              <Tag proposal={proposal} />
              <span class="by">
                {t(`kind.${proposal.kind}`)} · {proposal.author.name}
              </span>
            </header>
            <Wording proposal={proposal} target={targetOf(event, proposal)} />
            {proposal.reason && <p class="reason">{proposal.reason}</p>}
            <Tally
              tally={proposal.tally}
              needed={proposal.needed}
              voters={event.counts.members}
              mine={null}
            />
            {event.status === 'IN_PROGRESS' && <DecideBar proposal={proposal} />}
          </li>
        ))}
      </ul>
      {asked.value && (
        <DecideDialog
          {...asked.value}
          onClose={() => {
            asked.value = null;
          }}
        />
      )}
    </section>
  );
}
