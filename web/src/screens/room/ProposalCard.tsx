// A wish of somebody, what it would change, how far it is, and the three answers to it.
import { useSignal } from '@preact/signals';
import { proposals as api } from '../../api/endpoints';
import type { Item, Proposal } from '../../api/types';
import { t } from '../../i18n';
import { ago } from '../../i18n/format';
import { Confirm, type Question } from '../../parts/Confirm';
import { Diff } from '../../parts/Diff';
import { Menu } from '../../parts/Menu';
import { Tally } from '../../parts/Tally';
import { isAdmin, mayWithdraw } from '../../store/rights';
import { Comments } from './Comments';
import { useGround, useVote } from './context';
import { DecideBar } from './DecideBar';
import { Source } from './Source';
import { VoteBar } from './VoteBar';

export function ProposalCard({ proposal, target }: { proposal: Proposal; target?: Item }) {
  const event = useGround();
  const question = useSignal<Question | null>(null);
  const { choice, intention } = useVote(proposal.id);
  const sending = intention?.state === 'sending' || intention?.state === 'queued';
  return (
    <li class="proposal" id={`proposal-${proposal.id}`} tabIndex={-1}>
      <header class="proposal-head">
        <Tag proposal={proposal} />
        <span class="by">
          {proposal.author.name} · <time dateTime={proposal.created_at}>{ago(proposal.created_at)}</time>
        </span>
        {mayWithdraw(event, proposal) && (
          <Menu label={t('proposal.menu')}>
            <button
              type="button"
              class="menu-item danger"
              onClick={() => {
                question.value = withdrawal(proposal);
              }}
            >
              {t('proposal.withdraw')}
            </button>
          </Menu>
        )}
      </header>
      <Wording proposal={proposal} target={target} />
      {proposal.reason && <p class="reason">{proposal.reason}</p>}
      <Source proposal={proposal} />
      <Tally
        tally={proposal.tally}
        needed={proposal.needed}
        voters={event.members}
        mine={choice}
        sending={sending}
      />
      <VoteBar proposal={proposal} />
      <footer class="proposal-foot">
        <Comments subject={`proposal:${proposal.id}`} count={proposal.comment_count} />
        {isAdmin(event) && <DecideBar proposal={proposal} />}
      </footer>
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </li>
  );
}

export function Tag({ proposal }: { proposal: Proposal }) {
  const name = proposal.kind === 'conclusion' ? 'CONCLUSION' : proposal.category;
  return <span class={`tag tag-${name}`}>{t(`tag.${name}`)}</span>;
}

export function Wording({ proposal, target }: { proposal: Proposal; target?: Item | undefined }) {
  if (proposal.category === 'DELETION')
    return (
      <p class="wording">
        <del>{target?.content ?? t('proposal.goneTarget')}</del>
      </p>
    );
  const content = proposal.content ?? '';
  const before = proposal.kind === 'conclusion' ? target?.conclusion : target?.content;
  if (proposal.category === 'CREATION' && proposal.kind !== 'conclusion')
    return <p class="wording">{content}</p>;
  return before ? <Diff before={before} after={content} /> : <p class="wording">{content}</p>;
}

const withdrawal = (proposal: Proposal): Question => ({
  title: t('proposal.withdrawTitle'),
  consequence: t('proposal.withdrawWhat'),
  verb: t('proposal.withdraw'),
  danger: true,
  act: () => api.remove(proposal),
});
