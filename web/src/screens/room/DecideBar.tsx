// An admin's own word on a proposal, with a reason if they like. The first decision wins; a later one is told so.
import { useSignal } from '@preact/signals';
import { proposals as api } from '../../api/endpoints';
import type { Proposal } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Dialog } from '../../parts/Dialog';
import { Failure } from '../../parts/Failure';
import { Area } from '../../parts/Field';

type Verdict = 'ACCEPTED' | 'REJECTED';

export function DecideBar({ proposal }: { proposal: Proposal }) {
  const verdict = useSignal<Verdict | null>(null);
  return (
    <fieldset class="decide-bar" aria-label={t('decide.asAdmin')}>
      <button
        type="button"
        class="button small"
        onClick={() => {
          verdict.value = 'ACCEPTED';
        }}
      >
        {t('decide.accept')}
      </button>
      <button
        type="button"
        class="button small"
        onClick={() => {
          verdict.value = 'REJECTED';
        }}
      >
        {t('decide.reject')}
      </button>
      {verdict.value && (
        <DecideDialog
          proposal={proposal}
          verdict={verdict.value}
          onClose={() => {
            verdict.value = null;
          }}
        />
      )}
    </fieldset>
  );
}

interface Props {
  proposal: Proposal;
  verdict: Verdict;
  onClose(): void;
}

export function DecideDialog({ proposal, verdict, onClose }: Props) {
  const reason = useSignal('');
  const action = useAction(async () => {
    await api.decide(proposal, verdict, reason.value.trim() || undefined);
    onClose();
  });
  const accept = verdict === 'ACCEPTED';
  return (
    <Dialog title={t(accept ? 'decide.acceptTitle' : 'decide.rejectTitle')} onClose={onClose}>
      <p class="lead">{t(accept ? `decide.acceptWhat.${proposal.category}` : 'decide.rejectWhat')}</p>
      {proposal.content && <blockquote class="wording">{proposal.content}</blockquote>}
      <Area
        label={t('decide.reason')}
        value={reason.value}
        onValue={(value) => {
          reason.value = value;
        }}
        rows={2}
        maxLength={2000}
      />
      <Failure error={action.error} />
      <div class="actions end">
        <button type="button" class="button" onClick={onClose}>
          {t('action.cancel')}
        </button>
        <button type="button" class="button primary" disabled={action.busy} onClick={() => void action.run()}>
          {t(accept ? 'decide.accept' : 'decide.reject')}
        </button>
      </div>
    </Dialog>
  );
}
