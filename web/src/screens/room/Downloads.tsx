// The result to take along: for a spreadsheet, for a program, for paper.
import type { Result } from '../../api/answers';
import type { Event } from '../../api/types';
import { t } from '../../i18n';
import { save } from '../../parts/save';
import { resultCsv } from '../../store/csv';

export function Downloads({ event, result }: { event: Event; result: Result }) {
  const name = `assent-${event.entrance_code}`;
  const json = () =>
    JSON.stringify(
      { event: { id: event.id, subject: event.subject, finished_at: event.finished_at }, ...result },
      null,
      2,
    );
  return (
    <div class="actions no-print">
      <button
        type="button"
        class="button"
        onClick={() => save(`${name}.csv`, 'text/csv', resultCsv(event.subject, result))}
      >
        {t('result.csv')}
      </button>
      <button type="button" class="button" onClick={() => save(`${name}.json`, 'application/json', json())}>
        {t('result.json')}
      </button>
      <button type="button" class="button" onClick={() => print()}>
        {t('result.print')}
      </button>
    </div>
  );
}
