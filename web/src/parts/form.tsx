// What a person fills in and sends: fields tied to one draft, the failure beside the button, busy until answered.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n';
import { fieldErrors } from '../i18n/problem';
import { type Action, useAction } from './action';
import { Failure } from './Failure';
import { Field } from './Field';

type TextOf<T> = { [K in keyof T]: T[K] extends string ? K : never }[keyof T] & string;

interface Bound {
  value: string;
  onValue(value: string): void;
  error: string | undefined;
}

export interface FormState<T> extends Action<[]> {
  readonly values: T;
  /** Sent and answered, and nothing typed since. */
  readonly done: boolean;
  set(part: Partial<T>): void;
  /** Ties a text of the draft to its field. */
  field(name: TextOf<T>): Bound;
}

export function useForm<T extends object>(initial: T, work: (values: T) => Promise<unknown>): FormState<T> {
  const values = useSignal(initial);
  const done = useSignal(false);
  const action = useAction(() => work(values.value));
  const errors = fieldErrors(action.error);
  const set = (part: Partial<T>) => {
    values.value = { ...values.value, ...part };
    done.value = false;
  };
  return {
    ...action,
    async run() {
      done.value = await action.run();
      return done.value;
    },
    get values() {
      return values.value;
    },
    done: done.value,
    set,
    field: (name) => ({
      value: values.value[name] as string,
      onValue: (value) => set({ [name]: value } as Partial<T>),
      error: errors[name],
    }),
  };
}

interface Props {
  form: Action<[]>;
  /** What the button does; without one there is nothing to send. */
  verb?: string | false;
  look?: 'primary' | 'primary big' | '';
  idle?: boolean;
  class?: string;
  /** Said beside the button when it is done. */
  said?: string | false;
  children: ComponentChildren;
}

export function Form({
  form,
  verb,
  look = 'primary',
  idle = false,
  class: more = '',
  said,
  children,
}: Props) {
  const send = (
    <button type="submit" class={`button ${look}`} disabled={form.busy || idle}>
      {verb}
    </button>
  );
  return (
    <form
      class={`form ${more}`}
      onSubmit={(event) => {
        event.preventDefault();
        void form.run();
      }}
    >
      {children}
      <Failure error={form.error} />
      {verb && said === undefined && send}
      {verb && said !== undefined && (
        <div class="actions">
          {send}
          <span role="status">{said}</span>
        </div>
      )}
    </form>
  );
}

export function NewPassword({ label, ...bound }: Bound & { label: string }) {
  return (
    <Field
      label={label}
      type="password"
      required
      minLength={8}
      maxLength={128}
      autocomplete="new-password"
      hint={t('auth.passwordHint')}
      {...bound}
    />
  );
}
