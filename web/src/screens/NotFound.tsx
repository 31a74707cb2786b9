// An address that leads nowhere.

import { t } from '../i18n';
import { TopBar } from '../parts/TopBar';
import { useTitle } from '../parts/title';

export function NotFound() {
  useTitle(t('notFound.title'));
  return (
    <>
      <TopBar />
      <main id="main" tabIndex={-1} class="page narrow">
        <h1>{t('notFound.title')}</h1>
        <p class="lead">{t('notFound.body')}</p>
        <a class="button primary" href="/">
          {t('action.home')}
        </a>
      </main>
    </>
  );
}
