// What the group chose, in one line, under its seal; a tie stays a tie.
import type { Result } from '../../api/answers';
import { t } from '../../i18n';
import { list, number, percent } from '../../i18n/format';
import { Seal } from '../../parts/Icon';

export function Outcome({ result }: { result: Result }) {
  const most = Math.max(0, ...result.options.map(({ votes }) => votes));
  const leaders = result.options.filter(({ votes }) => votes === most && most > 0);
  const only = leaders.length === 1 ? leaders[0] : undefined;
  return (
    <header class="outcome">
      <Seal stamped={Boolean(only)} />
      <div>
        {leaders.length > 0 && <p class="eyebrow">{t(only ? 'result.decided' : 'result.tie')}</p>}
        <h2>{leaders.length ? list(leaders.map(({ content }) => content)) : t('result.nobody')}</h2>
        {leaders.length > 0 && (
          <p class="lead">
            {t('result.with', number(most), number(result.voters), percent(most, result.voters))}
          </p>
        )}
      </div>
    </header>
  );
}
