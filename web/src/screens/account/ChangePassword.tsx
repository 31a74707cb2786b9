// A new password, for who knows the present one.
import { auth } from '../../api/endpoints';
import { t } from '../../i18n';
import { Field } from '../../parts/Field';
import { Form, NewPassword, useForm } from '../../parts/form';

const EMPTY = { current_password: '', password: '' };

export function ChangePassword() {
  const form = useForm(EMPTY, async (passwords) => {
    await auth.change(passwords);
    form.set(EMPTY);
  });
  return (
    <details class="card fold">
      <summary>{t('password.title')}</summary>
      <Form
        class="fold-body"
        form={form}
        verb={t('reset.set')}
        look=""
        said={form.done && t('password.done')}
      >
        <Field
          label={t('password.now')}
          type="password"
          required
          autocomplete="current-password"
          {...form.field('current_password')}
        />
        <NewPassword label={t('reset.new')} {...form.field('password')} />
      </Form>
    </details>
  );
}
