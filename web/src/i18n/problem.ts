// A failure in words: the catalogue's where it knows the code, else the server's own.
import { Problem, Unreachable } from '../api/problem';
import { maybe, t } from './index';

export function inWords(error: unknown): string {
  if (error instanceof Problem) return problemWords(error.code, error.message);
  if (error instanceof Unreachable) return t(navigator.onLine ? 'error.unreachable' : 'error.offline');
  return t('error.unexpected');
}

export function problemWords(code: string, detail: string): string {
  return maybe(`error.${code}`) ?? (detail || t('error.unexpected'));
}

export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof Problem)) return {};
  return Object.fromEntries(error.errors.map(({ field, message }) => [field, message]));
}
