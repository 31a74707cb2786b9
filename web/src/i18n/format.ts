// Dates, times and numbers, by locale and by the server's clock.
import { serverNow, tick } from '../live/clock';
import { locale } from './index';

/** The person's own way to write the chosen language: 24 hours in London, 12 in New York. */
const region = (): string => navigator.languages.find((tag) => tag.startsWith(locale.value)) ?? locale.value;

export const number = (value: number): string => new Intl.NumberFormat(region()).format(value);

export const percent = (part: number, whole: number): string =>
  new Intl.NumberFormat(region(), { style: 'percent', maximumFractionDigits: 0 }).format(
    whole > 0 ? part / whole : 0,
  );

export const seconds = (ms: number): string =>
  new Intl.NumberFormat(region(), { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(ms / 1000);

export const dateTime = (iso: string): string =>
  new Intl.DateTimeFormat(region(), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));

export const clockTime = (iso: string): string =>
  new Intl.DateTimeFormat(region(), { hour: 'numeric', minute: '2-digit' }).format(new Date(iso));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function ago(iso: string, now = serverNow()): string {
  void tick.value;
  const elapsed = Math.max(0, (now - Date.parse(iso)) / 1000);
  const step = STEPS.find(([, size]) => elapsed >= size);
  const format = new Intl.RelativeTimeFormat(region(), { numeric: 'auto' });
  return step ? format.format(-Math.floor(elapsed / step[1]), step[0]) : format.format(0, 'second');
}

export const list = (parts: string[]): string =>
  new Intl.ListFormat(region(), { type: 'conjunction' }).format(parts);
