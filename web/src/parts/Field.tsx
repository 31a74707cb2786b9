// A labelled input with its hint and its error, tied together for everyone.
import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  type?: 'text' | 'email' | 'password' | 'number' | 'url';
  required?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  autocomplete?: JSX.IntrinsicElements['input']['autocomplete'];
  min?: number;
  max?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  value: string;
  onValue(value: string): void;
  hint?: ComponentChildren;
  error?: string | undefined;
}

export function Field({ label, value, onValue, hint, error, ...rest }: Props) {
  const id = useId();
  const input: object = rest;
  const ref = useFirst<HTMLInputElement>(rest.autofocus);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        ref={ref}
        id={id}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
      />
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

type NumberProps = Omit<Props, 'type' | 'required'> & { min: number };

/** A whole number that must be there. Its draft is text, as an emptied field is no number. */
export const NumberField = (props: NumberProps) => <Field {...props} type="number" required />;

interface AreaProps {
  label: string;
  rows?: number;
  class?: string;
  required?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  maxLength?: number;
  value: string;
  onValue(value: string): void;
  hint?: ComponentChildren;
  error?: string | undefined;
}

export function Area({ label, value, onValue, hint, error, ...area }: AreaProps) {
  const id = useId();
  const ref = useFirst<HTMLTextAreaElement>(area.autofocus);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <textarea
        {...area}
        ref={ref}
        id={id}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? true : undefined}
        aria-describedby={hint || error ? `${id}-note` : undefined}
      />
      <Note id={`${id}-note`} hint={hint} error={error} />
    </div>
  );
}

/** Browsers heed `autofocus` once in a page's life, and this page lives for many screens. */
function useFirst<T extends HTMLElement>(wanted: boolean | undefined) {
  const ref = useRef<T>(null);
  useLayoutEffect(() => {
    if (wanted) ref.current?.focus();
  }, []);
  return ref;
}

function Note({ id, hint, error }: { id: string; hint: ComponentChildren; error: string | undefined }) {
  if (!hint && !error) return null;
  return (
    <p id={id} class={error ? 'field-error' : 'field-hint'}>
      {error ?? hint}
    </p>
  );
}
