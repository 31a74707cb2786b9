// What the group decided: bars that a hall can read, a table that a machine can, and how it was counted.
import type { Result } from '../../api/answers';
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { dateTime, number, percent } from '../../i18n/format';
import { BarChart } from '../../parts/BarChart';
import { Failure } from '../../parts/Failure';
import { Loading } from '../../parts/Loading';
import { Notice } from '../../parts/Notice';
import { useEvent } from './context';
import { Downloads } from './Downloads';
import { Outcome } from './Outcome';
import { useResult } from './useResult';

export function ResultView() {
  const event = useEvent();
  const { value, error } = useResult(event);
  if (event.status !== 'FINISHED') return <Notice>{t('result.notYet')}</Notice>;
  if (error) return <Failure error={error} />;
  return value ? <Shown event={event} result={value} /> : <Loading />;
}

function Shown({ event, result }: { event: Event; result: Result }) {
  const options = result.options.map((one) => ({ id: one.option_id, label: one.content, value: one.votes }));
  const first = result.criteria.map((one) => ({
    id: one.criterion_id,
    label: one.content,
    value: one.first_choices,
  }));
  const score = result.criteria.map((one) => ({
    id: one.criterion_id,
    label: one.content,
    value: one.weighted_score,
  }));
  return (
    <article class="result">
      <Outcome result={result} />
      <BarChart title={t('result.options')} unit={t('result.votes')} rows={options} whole={result.voters} />
      {score.length > 0 && <BarChart title={t('result.score')} unit={t('result.points')} rows={score} />}
      {first.length > 0 && (
        <BarChart title={t('result.first')} unit={t('result.people')} rows={first} whole={result.voters} />
      )}
      <section class="block">
        <h2>{t('result.how')}</h2>
        <p>
          {t(
            'result.howTurnout',
            number(result.voters),
            number(result.total_members),
            percent(result.voters, result.total_members),
          )}
        </p>
        <p>{t('result.howOptions')}</p>
        <p>{t('result.howCriteria')}</p>
        {event.finished_at && <p>{t('result.closed', dateTime(event.finished_at))}</p>}
      </section>
      <Downloads event={event} result={result} />
    </article>
  );
}
