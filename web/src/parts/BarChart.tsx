// Horizontal bars as SVG, each with its label and number in text, and the same as a table for those who want it.
import { t } from '../i18n';
import { number, percent } from '../i18n/format';

export interface BarRow {
  id: string;
  label: string;
  value: number;
}

interface Props {
  title: string;
  unit: string;
  rows: BarRow[];
  /** What 100 % is; without it the rows are points, not parts. */
  whole?: number;
}

export function BarChart({ title, unit, rows, whole }: Props) {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const sorted = rows.toSorted((a, b) => b.value - a.value);
  return (
    <section class="block chart">
      <h2>{title}</h2>
      <ol class="bars">
        {sorted.map((row) => (
          <li key={row.id} class={row.value === most && row.value > 0 ? 'leads' : ''}>
            <p class="bar-label">
              <span>{row.label}</span>
              <strong>
                {number(row.value)}
                {whole !== undefined && <small> {percent(row.value, whole)}</small>}
              </strong>
            </p>
            <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar-track" width="100" height="10" />
              <rect class="bar-agree" width={(row.value / (whole || most)) * 100} height="10" />
            </svg>
          </li>
        ))}
      </ol>
      <details class="fold no-print">
        <summary>{t('chart.table')}</summary>
        <div class="table-box">
          <table>
            <caption class="visually-hidden">{title}</caption>
            <thead>
              <tr>
                <th scope="col">{title}</th>
                <th scope="col">{unit}</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((row) => (
                <tr key={row.id}>
                  <th scope="row">{row.label}</th>
                  <td>{number(row.value)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
