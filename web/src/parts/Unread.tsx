// How much was said that is not read yet, and whether one was called by name.
import { t } from '../i18n';

export function Unread({ count, mentions = 0 }: { count: number; mentions?: number }) {
  if (count === 0) return null;
  return (
    <b class={`badge ${mentions > 0 ? 'mentioned' : ''}`}>
      <span aria-hidden="true">
        {mentions > 0 && '@'}
        {count > 99 ? '99+' : count}
      </span>
      <span class="visually-hidden">
        {t('talk.unread', count)} {mentions > 0 && t('talk.mentions', mentions)}
      </span>
    </b>
  );
}
