// Two texts of one block: what somebody saved, and what stands in the field. Both stay until this person chooses.
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { Diff } from '../../parts/Diff';
import { Notice } from '../../parts/Notice';
import { mergeTexts } from '../../store/brief/merge';
import type { Writing } from '../../store/brief/writing';

export function Conflict({ block, writing }: { block: Block; writing: Writing }) {
  const { text, base } = writing.draft;
  const theirs = block.text;
  return (
    <Notice kind="warn" role="status" title={t('brief.behind')}>
      <p>{t('brief.behindWhat', block.author.name)}</p>
      <blockquote class="wording">{theirs}</blockquote>
      <Diff before={theirs} after={text} />
      <div class="actions">
        <button
          type="button"
          class="button small"
          onClick={() => writing.settle(block, mergeTexts(base, theirs, text), 'brief.merged')}
        >
          {t('brief.merge')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => {
            writing.settle(block, text);
            void writing.commit();
          }}
        >
          {t('brief.mineOnTop')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => writing.settle(block, theirs, 'brief.tookTheirs')}
        >
          {t('brief.theirs')}
        </button>
      </div>
    </Notice>
  );
}

/** One's own words, as they were before the two texts were settled, can be had back while the field is open. */
export function Aside({ writing }: { writing: Writing }) {
  const aside = writing.aside.value;
  if (aside === null) return null;
  return (
    <p class="brief-aside" role="status">
      {t(aside.said)}{' '}
      <button
        type="button"
        class="link-button"
        onClick={() => {
          writing.type(aside.text);
          writing.aside.value = null;
        }}
      >
        {t('brief.backToMine')}
      </button>
    </p>
  );
}
