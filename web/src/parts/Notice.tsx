// A message that stays: what is the case, and what to do about it.
import type { ComponentChildren } from 'preact';

interface Props {
  kind?: 'info' | 'warn' | 'bad' | 'good';
  title?: string;
  role?: 'status' | 'alert';
  children?: ComponentChildren;
}

export function Notice({ kind = 'info', title, role, children }: Props) {
  return (
    <div class={`notice ${kind}`} role={role ?? (kind === 'bad' ? 'alert' : undefined)}>
      {title && <p class="notice-title">{title}</p>}
      {children && <div class="notice-body">{children}</div>}
    </div>
  );
}
