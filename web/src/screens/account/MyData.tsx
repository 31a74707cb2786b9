// What is kept about oneself: taken along as a file, or taken away for good.
import { useSignal } from '@preact/signals';
import { auth } from '../../api/endpoints';
import type { User } from '../../api/types';
import { t } from '../../i18n';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Failure } from '../../parts/Failure';
import { save } from '../../parts/save';
import { go } from '../../router';
import { forgetDrafts } from '../../store/drafts';
import { signedIn } from '../../store/session';

export function MyData({ who }: { who: User }) {
  const question = useSignal<Question | null>(null);
  const take = useAction(async () => {
    const kept = await auth.export();
    save('assent-export.json', 'application/json', JSON.stringify(kept, null, 2));
  });
  return (
    <section class="card" aria-labelledby="data">
      <h2 id="data">{t('data.title')}</h2>
      <p>{t('data.what')}</p>
      <Failure error={take.error} />
      <div class="actions">
        <button type="button" class="button" disabled={take.busy} onClick={() => void take.run()}>
          {t('data.download')}
        </button>
      </div>
      <button
        type="button"
        class="link-button danger"
        onClick={() => {
          question.value = leavingForGood(who);
        }}
      >
        {t('forget.do')}
      </button>
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </section>
  );
}

const leavingForGood = (who: User): Question => ({
  title: t('forget.title'),
  consequence: t('forget.what'),
  points: [t('forget.results'), t('forget.rooms'), t('forget.owned')],
  verb: t('forget.do'),
  danger: true,
  typed: who.email ?? who.name,
  act: async () => {
    await auth.forget();
    forgetDrafts();
    signedIn(null);
    go('/', { replace: true });
  },
});
