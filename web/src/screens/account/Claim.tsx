// A guest keeps their votes by adding an address and a password.
import { auth } from '../../api/endpoints';
import { t } from '../../i18n';
import { Field } from '../../parts/Field';
import { Form, NewPassword, useForm } from '../../parts/form';
import { signedIn } from '../../store/session';

export function Claim() {
  const form = useForm({ email: '', password: '' }, async ({ email, password }) => {
    const { user } = await auth.claim({ email: email.trim(), password });
    signedIn(user);
  });
  return (
    <section class="card">
      <h2>{t('claim.title')}</h2>
      <p>{t('claim.body')}</p>
      <Form form={form} verb={t('claim.do')}>
        <Field label={t('auth.email')} type="email" required autocomplete="email" {...form.field('email')} />
        <NewPassword label={t('auth.password')} {...form.field('password')} />
      </Form>
    </section>
  );
}
