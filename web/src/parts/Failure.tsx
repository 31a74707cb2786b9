// Why the last action did not work, in words, and nothing where it did.
import { inWords } from '../i18n/problem';
import { Notice } from './Notice';

export function Failure({ error }: { error: unknown }) {
  return error ? <Notice kind="bad">{inWords(error)}</Notice> : null;
}
