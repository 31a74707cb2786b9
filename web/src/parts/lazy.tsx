// Screens are downloaded when they are first shown; a participant never pays for the admin's.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { laterWords, t } from '../i18n';
import { Loading } from './Loading';
import { Notice } from './Notice';

export type LazyScreen<P> = ComponentType<P> & { preload(): void };

/** `first`: it makes do with the words of the first view. */
export function lazy<P extends object>(
  fetched: () => Promise<ComponentType<P>>,
  { first = false } = {},
): LazyScreen<P> {
  const load = async () => (await Promise.all([fetched(), first || laterWords()]))[0];
  const loaded = signal<ComponentType<P> | 'failed' | null>(null);
  let asked = false;
  const ask = () => {
    if (asked) return;
    asked = true;
    load().then(
      (screen) => {
        loaded.value = screen;
      },
      () => {
        asked = false;
        loaded.value = 'failed';
      },
    );
  };
  const Lazy = (props: P) => {
    if (loaded.value === null) ask();
    if (loaded.value === 'failed') return <Failed />;
    const Screen = loaded.value;
    return Screen ? <Screen {...props} /> : <Loading />;
  };
  return Object.assign(Lazy, { preload: () => void load().catch(() => {}) });
}

function Failed() {
  return (
    <main id="main" tabIndex={-1} class="page narrow">
      <Notice kind="bad" title={t('error.screen')}>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t('action.reload')}
        </button>
      </Notice>
    </main>
  );
}
