// Sends again what a receiver had already, or lost: everything after a number.
import { webhooks as api, type Webhook } from '../../api/webhooks';
import { t } from '../../i18n';
import { number } from '../../i18n/format';
import { Dialog } from '../../parts/Dialog';
import { NumberField } from '../../parts/Field';
import { Form, useForm } from '../../parts/form';
import { useEvent } from '../room/context';

interface Props {
  hook: Webhook;
  onKeep(hook: Webhook): void;
  onClose(): void;
}

export function Replay({ hook, onKeep, onClose }: Props) {
  const head = useEvent().seq;
  const form = useForm({ after: '0' }, async ({ after }) => {
    onKeep(await api.replay(hook, Number(after)));
    onClose();
  });
  return (
    <Dialog title={t('hook.replayTitle')} onClose={onClose}>
      <p class="lead">{t('hook.replayWhat', number(hook.cursor), number(head))}</p>
      <Form form={form} verb={t('hook.replayDo')}>
        <NumberField
          label={t('hook.replayAfter')}
          min={0}
          max={head}
          autofocus
          hint={t('hook.replayHint')}
          {...form.field('after')}
        />
      </Form>
    </Dialog>
  );
}
