// How people come in and how proposals are accepted, each with the sentence that says what it means.
import type { Policies } from '../api/types';
import { t } from '../i18n';
import { NumberField } from './Field';
import { Switch } from './Switch';

export type PolicyDraft = Omit<Policies, 'password_required'>;

const MOST_VOTES = 100_000;

export const DEFAULT_POLICIES: PolicyDraft = {
  membership_auto_approved: true,
  guests_allowed: true,
  observers_allowed: false,
  assumption: { auto_approve: true, min_votes: 3 },
  criterion: { auto_approve: true, min_votes: 3 },
  conclusion: { auto_approve: true, threshold_percent: 50 },
  max_pending_per_member: 5,
  images_need_approval: false,
};

interface Props {
  policies: PolicyDraft;
  onPolicies(policies: PolicyDraft): void;
  disabled?: boolean;
}

export function PolicyFields({ policies, onPolicies, disabled }: Props) {
  const { assumption, criterion, conclusion } = policies;
  const set = (part: Partial<PolicyDraft>) => onPolicies({ ...policies, ...part });
  return (
    <fieldset class="policies" disabled={disabled}>
      <legend>{t('policy.entry')}</legend>
      <Switch
        label={t('policy.autoJoin')}
        hint={t('policy.autoJoinHint')}
        checked={policies.membership_auto_approved}
        onChange={(membership_auto_approved) => set({ membership_auto_approved })}
      />
      <Switch
        label={t('policy.guests')}
        hint={t('policy.guestsHint')}
        checked={policies.guests_allowed}
        onChange={(guests_allowed) => set({ guests_allowed })}
      />
      <Switch
        label={t('policy.images')}
        hint={t('policy.imagesHint')}
        checked={policies.images_need_approval}
        onChange={(images_need_approval) => set({ images_need_approval })}
      />
      <p class="legend">{t('policy.proposals')}</p>
      <ByVotes
        label={t('policy.assumption')}
        count={t('policy.votes')}
        on={assumption.auto_approve}
        needed={assumption.min_votes}
        most={MOST_VOTES}
        onRule={(auto_approve, min_votes) => set({ assumption: { auto_approve, min_votes } })}
      />
      <ByVotes
        label={t('policy.criterion')}
        count={t('policy.votes')}
        on={criterion.auto_approve}
        needed={criterion.min_votes}
        most={MOST_VOTES}
        onRule={(auto_approve, min_votes) => set({ criterion: { auto_approve, min_votes } })}
      />
      <ByVotes
        label={t('policy.conclusion')}
        count={t('policy.percent')}
        on={conclusion.auto_approve}
        needed={conclusion.threshold_percent}
        most={100}
        onRule={(auto_approve, threshold_percent) => set({ conclusion: { auto_approve, threshold_percent } })}
      />
    </fieldset>
  );
}

interface RuleProps {
  label: string;
  /** What the number counts. */
  count: string;
  on: boolean;
  needed: number;
  most: number;
  onRule(on: boolean, needed: number): void;
}

/** Accepted by votes, and by how many; or by an admin, one by one. */
function ByVotes({ label, count, on, needed, most, onRule }: RuleProps) {
  return (
    <>
      <Switch
        label={label}
        hint={t('policy.votesHint')}
        checked={on}
        onChange={(checked) => onRule(checked, needed)}
      />
      {on && (
        <NumberField
          label={count}
          min={1}
          max={most}
          value={needed ? String(needed) : ''}
          onValue={(value) => onRule(on, Number(value))}
        />
      )}
    </>
  );
}
