// A result as comma-separated values that spreadsheets open without harm.
import type { Result } from '../api/answers';

export function resultCsv(subject: string, result: Result): string {
  const rows: (string | number)[][] = [
    ['section', 'text', 'votes', 'first_choices', 'weighted_score'],
    ['subject', subject, '', '', ''],
    ['turnout', `${result.voters}/${result.total_members}`, result.voters, '', ''],
    ...result.options.map(({ content, votes }) => ['option', content, votes, '', '']),
    ...result.criteria.map((one) => ['criterion', one.content, '', one.first_choices, one.weighted_score]),
  ];
  // The mark at the start tells spreadsheets that Korean is UTF-8.
  return `\ufeff${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** A text that begins like a formula would be run by a spreadsheet. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
