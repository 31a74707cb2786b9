// English or Korean, one tap, on every screen without an account.
import { chooseLocale, locale } from '../i18n';

export function LocaleSwitch() {
  const other = locale.value === 'ko' ? 'en' : 'ko';
  return (
    <button type="button" class="quiet-button" lang={other} onClick={() => void chooseLocale(other)}>
      {other === 'ko' ? '한국어' : 'English'}
    </button>
  );
}
