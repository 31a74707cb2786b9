// Writing a proposal. Nothing that happens meanwhile touches the text; if the target changed, a notice says so.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { proposals as api } from '../../api/endpoints';
import type { Category, Event, Item, ProposalKind } from '../../api/types';
import { t } from '../../i18n';
import { fieldErrors } from '../../i18n/problem';
import { useAction } from '../../parts/action';
import { Dialog } from '../../parts/Dialog';
import { Failure } from '../../parts/Failure';
import { Area } from '../../parts/Field';
import { Notice } from '../../parts/Notice';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';
import { useEvent } from './context';

export interface Wish {
  kind: ProposalKind;
  category: Category;
  target?: Item;
}

interface Draft {
  content: string;
  reason: string;
}

export function Composer({ wish, onClose }: { wish: Wish; onClose(): void }) {
  const event = useEvent();
  const began = useRef(wish);
  const key = draftKey(event, wish);
  const draft = useSignal<Draft>(readDraft<Draft>(key) ?? { content: startText(wish), reason: '' });
  const write = (part: Partial<Draft>) => {
    draft.value = { ...draft.value, ...part };
    keepDraft(key, draft.value);
  };
  const action = useAction(async () => {
    const { content, reason } = draft.value;
    await api.create(event.id, wish.kind, {
      category: wish.category,
      ...(wish.target ? { target_id: wish.target.id } : {}),
      ...(wish.category === 'DELETION' ? {} : { content: content.trim() }),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    });
    dropDraft(key);
    onClose();
  });
  const errors = fieldErrors(action.error);
  return (
    <Dialog title={title(wish)} onClose={onClose}>
      <form
        class="form"
        onSubmit={(submit) => {
          submit.preventDefault();
          void action.run();
        }}
      >
        <TargetNews event={event} wish={began.current} />
        {wish.target && <blockquote class="wording">{wish.target.content}</blockquote>}
        {wish.category !== 'DELETION' && (
          <Area
            label={t(`compose.${wish.kind}`)}
            value={draft.value.content}
            onValue={(content) => write({ content })}
            required
            maxLength={2000}
            rows={3}
            autofocus
            error={errors.content}
          />
        )}
        <Area
          label={t('compose.reason')}
          value={draft.value.reason}
          onValue={(reason) => write({ reason })}
          maxLength={2000}
          rows={2}
          hint={t('compose.reasonHint')}
          error={errors.reason}
        />
        <Failure error={action.error} />
        <div class="actions end">
          <button type="button" class="button" onClick={onClose}>
            {t('action.later')}
          </button>
          <button type="submit" class="button primary" disabled={action.busy}>
            {t('compose.do')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function TargetNews({ event, wish }: { event: Event; wish: Wish }) {
  if (event.status !== 'IN_PROGRESS')
    return (
      <Notice kind="warn" role="status">
        {t('compose.stopped')}
      </Notice>
    );
  if (!wish.target) return null;
  const now = [...event.assumptions, ...event.criteria].find(({ id }) => id === wish.target?.id);
  if (!now)
    return (
      <Notice kind="warn" role="status">
        {t('compose.gone')}
      </Notice>
    );
  if (now.content === wish.target.content && now.conclusion === wish.target.conclusion) return null;
  return (
    <Notice kind="warn" role="status" title={t('compose.changed')}>
      <p>{wish.kind === 'conclusion' ? now.conclusion : now.content}</p>
    </Notice>
  );
}

const draftKey = ({ id }: Event, { kind, category, target }: Wish) =>
  [id, kind, category, target?.id ?? 'new'].join(':');

function startText({ kind, category, target }: Wish): string {
  if (kind === 'conclusion') return target?.conclusion ?? '';
  return category === 'MODIFICATION' ? (target?.content ?? '') : '';
}

function title({ kind, category }: Wish): string {
  if (category === 'MODIFICATION') return t('propose.change');
  if (category === 'DELETION') return t('propose.delete');
  return t(`propose.${kind}`);
}
