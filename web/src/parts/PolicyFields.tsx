// How people come in and how proposals are accepted, each with the sentence that says what it means.
import type { Policies } from '../api/types';
import { t } from '../i18n';
import { Field } from './Field';
import { Switch } from './Switch';

export type PolicyDraft = Omit<Policies, 'password_required'>;

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
      <p class="legend">{t('policy.proposals')}</p>
      <VoteRule kind="assumption" policies={policies} set={set} />
      <VoteRule kind="criterion" policies={policies} set={set} />
      <Switch
        label={t('policy.conclusion')}
        hint={t('policy.conclusionHint')}
        checked={policies.conclusion.auto_approve}
        onChange={(auto_approve) => set({ conclusion: { ...policies.conclusion, auto_approve } })}
      />
      {policies.conclusion.auto_approve && (
        <Field
          label={t('policy.percent')}
          type="number"
          min={1}
          max={100}
          required
          value={String(policies.conclusion.threshold_percent)}
          onValue={(value) =>
            set({ conclusion: { ...policies.conclusion, threshold_percent: Number(value) } })
          }
        />
      )}
    </fieldset>
  );
}

interface RuleProps {
  kind: 'assumption' | 'criterion';
  policies: PolicyDraft;
  set(part: Partial<PolicyDraft>): void;
}

function VoteRule({ kind, policies, set }: RuleProps) {
  const rule = policies[kind];
  return (
    <>
      <Switch
        label={t(`policy.${kind}`)}
        hint={t('policy.votesHint')}
        checked={rule.auto_approve}
        onChange={(auto_approve) => set({ [kind]: { ...rule, auto_approve } })}
      />
      {rule.auto_approve && (
        <Field
          label={t('policy.votes')}
          type="number"
          min={1}
          max={100000}
          required
          value={String(rule.min_votes)}
          onValue={(value) => set({ [kind]: { ...rule, min_votes: Number(value) } })}
        />
      )}
    </>
  );
}
