// The bar above every screen outside of a room.
import { t } from '../i18n';
import { unread } from '../store/me';
import { user } from '../store/session';
import { Icon, Seal } from './Icon';
import { LocaleSwitch } from './LocaleSwitch';
import { Unread } from './Unread';

export function TopBar() {
  return (
    <header class="top-bar">
      <a class="brand" href="/">
        <Seal />
        <span>Assent</span>
      </a>
      <nav class="top-nav" aria-label={t('nav.account')}>
        <LocaleSwitch />
        {user.value && (
          <a class="icon-button messages-link" href="/messages">
            <Icon name="talk" />
            <span class="visually-hidden">{t('nav.messages')}</span>
            <Unread count={unread.value} />
          </a>
        )}
        {user.value ? (
          <a class="quiet-button" href="/account">
            <Icon name="person" />
            <span class="clip">{user.value.name}</span>
          </a>
        ) : (
          <a class="quiet-button" href="/sign-in">
            {t('auth.signIn')}
          </a>
        )}
      </nav>
    </header>
  );
}
