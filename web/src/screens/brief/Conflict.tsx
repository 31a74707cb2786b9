// Two texts of one block: what somebody saved, and what stands in the field. Both stay until this person chooses.
import type { Block } from '../../api/types';
import { t } from '../../i18n';
import { Diff } from '../../parts/Diff';
import { Notice } from '../../parts/Notice';
import { mergeTexts } from '../../store/brief/merge';
import type { Writing } from '../../store/brief/writing';

export function Conflict({ block, writing }: { block: Block; writing: Writing }) {
  const { text, base } = writing.draft;
  return (
    <Notice kind="warn" role="status" title={t('brief.behind')}>
      <p>{t('brief.behindWhat', block.author.name)}</p>
      <blockquote class="wording">{block.text}</blockquote>
      <Diff before={block.text} after={text} />
      <div class="actions">
        <button
          type="button"
          class="button small"
          onClick={() => writing.goOnFrom(block, mergeTexts(base, block.text, text))}
        >
          {t('brief.merge')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => {
            writing.goOnFrom(block, text);
            void writing.commit();
          }}
        >
          {t('brief.mineOnTop')}
        </button>
        <button
          type="button"
          class="button small"
          onClick={() => {
            writing.setAside(text);
            writing.goOnFrom(block, block.text);
          }}
        >
          {t('brief.theirs')}
        </button>
      </div>
    </Notice>
  );
}

/** What was given up for the present text can be had back for as long as the field is open. */
export function Aside({ writing }: { writing: Writing }) {
  const aside = writing.aside.value;
  if (aside === null) return null;
  return (
    <p class="brief-aside" role="status">
      {t('brief.tookTheirs')}{' '}
      <button
        type="button"
        class="link-button"
        onClick={() => {
          writing.type(aside);
          writing.setAside(null);
        }}
      >
        {t('brief.backToMine')}
      </button>
    </p>
  );
}
