// How far a proposal is: one bead for each vote that is needed while they can be counted at a glance, a bar beyond that.
// The notch is where it is accepted.
import type { Choice, Tally as Votes } from '../api/types';
import { t } from '../i18n';
import { number } from '../i18n/format';

interface Props {
  tally: Votes;
  needed: number | null;
  voters: number;
  mine: Choice | null;
  sending?: boolean;
  decided?: boolean;
}

const BEADS = 12;

export function Tally({ tally, needed, voters, mine, sending = false, decided = false }: Props) {
  const total = Math.max(voters, needed ?? 0, tally.agree + tally.disagree + tally.abstain, 1);
  return (
    <div class="tally">
      {needed !== null && needed <= BEADS ? (
        <Beads agree={tally.agree} needed={needed} ghost={sending && mine === 'AGREE'} />
      ) : (
        <Bar tally={tally} needed={needed} total={total} />
      )}
      <p class="tally-words">
        <strong>{progress(tally, needed, decided)}</strong>
        <span class="tally-split">
          <span class="dot AGREE">{t('tally.agree', number(tally.agree))}</span>
          <span class="dot DISAGREE">{t('tally.disagree', number(tally.disagree))}</span>
          <span class="dot ABSTAIN">{t('tally.abstain', number(tally.abstain))}</span>
        </span>
      </p>
    </div>
  );
}

function Beads({ agree, needed, ghost }: { agree: number; needed: number; ghost: boolean }) {
  return (
    <span class="beads" aria-hidden="true">
      {Array.from({ length: needed }, (_, index) => (
        <i key={index} class={index < agree ? 'full' : ghost && index === agree ? 'ghost' : ''} />
      ))}
      {agree > needed && <b>+{agree - needed}</b>}
    </span>
  );
}

function Bar({ tally, needed, total }: { tally: Votes; needed: number | null; total: number }) {
  const width = (votes: number) => (votes / total) * 100;
  return (
    <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" width="100" height="10" />
      <rect class="bar-agree" width={width(tally.agree)} height="10" />
      <rect class="bar-disagree" x={100 - width(tally.disagree)} width={width(tally.disagree)} height="10" />
      {needed !== null && (
        <rect class="bar-notch" x={Math.min(99.2, width(needed))} width="0.8" height="10" />
      )}
    </svg>
  );
}

function progress({ agree }: Votes, needed: number | null, decided: boolean): string {
  if (needed === null) return t(decided ? 'tally.for' : 'tally.byAdmin', agree);
  if (decided) return t('tally.of', agree, needed);
  return needed > agree ? t('tally.more', needed - agree) : t('tally.of', agree, needed);
}
