// Dates, times and numbers, by locale and by the server's clock.
import { serverNow, tick } from '../live/clock';
import { locale } from './index';

/** The person's own way to write the chosen language: 24 hours in London, 12 in New York. */
const region = (): string => navigator.languages.find((tag) => tag.startsWith(locale.value)) ?? locale.value;

/** A formatter takes longer to make than to use, and a page of votes uses it a thousand times. */
function byRegion<F>(make: (region: string) => F): () => F {
  const made = new Map<string, F>();
  return () => {
    const here = region();
    const formatter = made.get(here) ?? make(here);
    made.set(here, formatter);
    return formatter;
  };
}

const whole = byRegion((here) => new Intl.NumberFormat(here));
const share = byRegion((here) => new Intl.NumberFormat(here, { style: 'percent', maximumFractionDigits: 0 }));
const tenths = byRegion(
  (here) => new Intl.NumberFormat(here, { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
);
const moment = byRegion((here) => new Intl.DateTimeFormat(here, { dateStyle: 'medium', timeStyle: 'short' }));
const clock = byRegion((here) => new Intl.DateTimeFormat(here, { hour: 'numeric', minute: '2-digit' }));
const distance = byRegion((here) => new Intl.RelativeTimeFormat(here, { numeric: 'auto' }));
const enumeration = byRegion((here) => new Intl.ListFormat(here, { type: 'conjunction' }));

const day = byRegion(
  (here) => new Intl.DateTimeFormat(here, { weekday: 'long', day: 'numeric', month: 'long' }),
);
const size = (unit: 'kilobyte' | 'megabyte') =>
  byRegion((here) => new Intl.NumberFormat(here, { style: 'unit', unit, maximumFractionDigits: 1 }));
const kilobytes = size('kilobyte');
const megabytes = size('megabyte');

export const number = (value: number): string => whole().format(value);

export const percent = (part: number, of: number): string => share().format(of > 0 ? part / of : 0);

export const seconds = (ms: number): string => tenths().format(ms / 1000);

export const dateTime = (iso: string): string => moment().format(new Date(iso));

export const clockTime = (iso: string): string => clock().format(new Date(iso));

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export function ago(iso: string, now = serverNow()): string {
  void tick.value;
  const elapsed = Math.max(0, (now - Date.parse(iso)) / 1000);
  const step = STEPS.find(([, size]) => elapsed >= size);
  return step ? distance().format(-Math.floor(elapsed / step[1]), step[0]) : distance().format(0, 'second');
}

export const list = (parts: string[]): string => enumeration().format(parts);

export const dayName = (iso: string): string => day().format(new Date(iso));

export const bytes = (count: number): string =>
  count < 1_000_000
    ? kilobytes().format(Math.max(0.1, count / 1_000))
    : megabytes().format(count / 1_000_000);
