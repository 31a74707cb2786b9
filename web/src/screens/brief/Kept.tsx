// The brief as it was kept under names; admins bring one back.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { briefs as api } from '../../api/brief';
import type { BriefSnapshot } from '../../api/types';
import { t } from '../../i18n';
import { dateTime } from '../../i18n/format';
import { useAction } from '../../parts/action';
import { Confirm, type Question } from '../../parts/Confirm';
import { Dialog } from '../../parts/Dialog';
import { Failure } from '../../parts/Failure';
import { Field } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';
import { isAdmin, mayWrite } from '../../store/rights';
import { useEvent } from '../room/context';
import { useBrief } from './context';

export function Kept() {
  const open = useSignal(false);
  const show = (shown: boolean) => () => {
    open.value = shown;
  };
  return (
    <>
      <button type="button" class="quiet-button" onClick={show(true)}>
        {t('kept.open')}
      </button>
      {open.value && <KeptDialog onClose={show(false)} />}
    </>
  );
}

function KeptDialog({ onClose }: { onClose(): void }) {
  const brief = useBrief();
  const event = useEvent();
  const list = useSignal<BriefSnapshot[] | null>(null);
  const question = useSignal<Question | null>(null);
  const load = useAction(async () => {
    list.value = (await api.snapshots(brief.id)).items;
  });
  const form = useForm({ name: '' }, async ({ name }) => {
    await api.keep(brief.id, name.trim());
    form.set({ name: '' });
    await load.run();
  });
  useEffect(() => void load.run(), []);
  const ask = (snapshot: BriefSnapshot) => {
    question.value = restoring(snapshot, brief.now.value?.blocks.length ?? 0, async () => {
      await api.restore(brief.id, snapshot.id);
      await brief.load();
      void load.run();
    });
  };
  return (
    <Dialog title={t('kept.title')} onClose={onClose}>
      {mayWrite(event) && (
        <Form form={form} verb={t('kept.keep')} idle={!form.values.name.trim()}>
          <Field
            label={t('kept.name')}
            hint={t('kept.hint')}
            required
            maxLength={100}
            {...form.field('name')}
          />
        </Form>
      )}
      <Failure error={load.error} />
      {list.value?.length === 0 && <p class="field-hint">{t('kept.none')}</p>}
      <ul class="kept">
        {list.value?.map((one) => (
          <Row
            key={one.id}
            one={one}
            onRestore={isAdmin(event) && mayWrite(event) ? () => ask(one) : undefined}
          />
        ))}
      </ul>
      {question.value && (
        <Confirm
          question={question.value}
          onClose={() => {
            question.value = null;
          }}
        />
      )}
    </Dialog>
  );
}

function Row({ one, onRestore }: { one: BriefSnapshot; onRestore: (() => void) | undefined }) {
  return (
    <li>
      <div>
        <strong>{one.name}</strong>
        <p class="by">
          {t('kept.blocks', one.block_count)} · {one.author.name} · {dateTime(one.created_at)}
          {one.restored_at && ` · ${t('kept.restored', dateTime(one.restored_at))}`}
        </p>
      </div>
      {onRestore && (
        <button type="button" class="button small" onClick={onRestore}>
          {t('kept.restore')}
        </button>
      )}
    </li>
  );
}

const restoring = ({ name, block_count }: BriefSnapshot, now: number, act: Question['act']): Question => ({
  title: t('kept.restoreTitle', name),
  consequence: t('kept.restoreWhat', block_count, now),
  points: [t('kept.restoreNothingLost'), t('kept.restoreWriters'), t('kept.restoreFirst')],
  verb: t('kept.restore'),
  danger: true,
  act,
});
