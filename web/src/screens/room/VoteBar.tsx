// Agree, disagree, abstain: one tap, seen at once, and its true state in words below.
import type { Choice, Proposal } from '../../api/types';
import { t } from '../../i18n';
import { Icon, type IconName } from '../../parts/Icon';
import { type Intention, isOpen, waits } from '../../queue/intention';
import { mayVote } from '../../store/rights';
import { undo, vote } from '../../store/voting';
import { useGround, useRoom, useVote } from './context';

const CHOICES: [Choice, IconName][] = [
  ['AGREE', 'check'],
  ['DISAGREE', 'cross'],
  ['ABSTAIN', 'dash'],
];

export function VoteBar({ proposal }: { proposal: Proposal }) {
  const { event } = useRoom();
  const { choice, intention, canUndo } = useVote(proposal.id);
  if (!mayVote(useGround())) return null;
  const answer = (wanted: Choice | null) => event.value && vote(event.value, proposal, wanted);
  return (
    <div class="vote">
      <fieldset class="vote-bar" aria-label={t('vote.yours')}>
        {CHOICES.map(([one, icon]) => (
          <button
            key={one}
            type="button"
            class={`vote-button choice-${one}`}
            aria-pressed={choice === one}
            onClick={() => void answer(one)}
          >
            <Icon name={icon} />
            <span>{t(`choice.${one}`)}</span>
          </button>
        ))}
      </fieldset>
      <p class="vote-state">
        <span role="status">{stateWords(intention, choice)}</span>
        {canUndo && (
          <button
            type="button"
            class="link-button"
            onClick={() => event.value && undo(event.value, proposal)}
          >
            {t('vote.undo')}
          </button>
        )}
        {!canUndo && choice && (
          <button type="button" class="link-button" onClick={() => void answer(null)}>
            {t('vote.takeBack')}
          </button>
        )}
      </p>
    </div>
  );
}

function stateWords(intention: Intention | undefined, choice: Choice | null): string {
  const standing = choice ? t('vote.stands') : t('vote.none');
  if (!intention) return standing;
  if (waits(intention)) return t('vote.queued');
  if (isOpen(intention)) return t('vote.sending');
  if (intention.state === 'counted') return intention.choice ? t('vote.counted') : t('vote.takenBack');
  return standing;
}
