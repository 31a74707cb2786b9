// A block becomes a proposal that says where its words are from.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { briefs as api } from '../../api/brief';
import type { Block, ProposalKind } from '../../api/types';
import { t } from '../../i18n';
import { Dialog } from '../../parts/Dialog';
import { Area } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';
import { dropDraft, keepDraft, readDraft } from '../../store/drafts';
import { useEvent } from '../room/context';
import { useBrief } from './context';

const KINDS: ProposalKind[] = ['assumption', 'criterion', 'conclusion'];
const LONGEST = 2_000;

interface Draft {
  kind: ProposalKind;
  target: string;
  content: string;
  reason: string;
}

export function MakeProposal({ block, onClose }: { block: Block; onClose(): void }) {
  const brief = useBrief();
  const { criteria } = useEvent();
  const { version, text } = useRef(block).current;
  const done = useSignal(false);
  const key = `brief-make:${block.id}`;
  const fresh: Draft = {
    kind: 'assumption',
    target: criteria[0]?.id ?? '',
    content: text.slice(0, LONGEST),
    reason: '',
  };
  const form = useForm(readDraft<Draft>(key) ?? fresh, async ({ kind, target, content, reason }) => {
    await api.propose(brief.id, block.id, {
      kind,
      version,
      content: content.trim(),
      ...(kind === 'conclusion' ? { target_id: target } : {}),
      ...(reason.trim() ? { reason: reason.trim() } : {}),
    });
    dropDraft(key);
    done.value = true;
  });
  const set = (part: Partial<Draft>) => {
    form.set(part);
    keepDraft(key, { ...form.values, ...part });
  };
  const { kind, target, content, reason } = form.values;
  if (done.value) return <Done onClose={onClose} />;
  return (
    <Dialog title={t('make.title')} onClose={onClose}>
      <Form form={form} verb={t('compose.do')} idle={!content.trim() || (kind === 'conclusion' && !target)}>
        <fieldset class="brief-kinds">
          <legend>{t('make.kind')}</legend>
          {KINDS.filter((one) => one !== 'conclusion' || criteria.length > 0).map((one) => (
            <label key={one} class={one === kind ? 'chosen' : ''}>
              <input
                type="radio"
                name="make"
                value={one}
                checked={one === kind}
                onChange={() => set({ kind: one })}
              />
              {t(`kind.${one}`)}
            </label>
          ))}
        </fieldset>
        {kind === 'conclusion' && (
          <label class="field">
            {t('make.criterion')}
            <select value={target} onChange={({ currentTarget }) => set({ target: currentTarget.value })}>
              {criteria.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.content}
                </option>
              ))}
            </select>
          </label>
        )}
        <Area
          label={t(`compose.${kind}`)}
          required
          maxLength={LONGEST}
          rows={3}
          {...form.field('content')}
          value={content}
          onValue={(words) => set({ content: words })}
          hint={t('make.source', version)}
        />
        <Area
          label={t('compose.reason')}
          maxLength={LONGEST}
          rows={2}
          {...form.field('reason')}
          value={reason}
          onValue={(words) => set({ reason: words })}
        />
      </Form>
    </Dialog>
  );
}

function Done({ onClose }: { onClose(): void }) {
  const event = useEvent();
  return (
    <Dialog title={t('make.title')} onClose={onClose}>
      <p role="status">{t('make.done')}</p>
      <div class="actions end">
        <button type="button" class="button" onClick={onClose}>
          {t('action.close')}
        </button>
        <a class="button primary" href={`/events/${event.id}`}>
          {t('make.show')}
        </a>
      </div>
    </Dialog>
  );
}
