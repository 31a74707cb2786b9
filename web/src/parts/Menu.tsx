// A few more actions behind one button, on a native <details>.
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { useDismiss } from './dismiss';
import { Icon } from './Icon';

interface Props {
  label: string;
  onOpen?(): void;
  children: ComponentChildren;
}

export function Menu({ label, onOpen, children }: Props) {
  const menu = useRef<HTMLDetailsElement>(null);
  const close = useDismiss(menu);
  return (
    <details
      class="menu"
      ref={menu}
      onToggle={({ currentTarget }) => {
        if (!currentTarget.open) return;
        currentTarget.querySelector('.menu-list')?.scrollIntoView({ block: 'nearest', behavior: 'instant' });
        onOpen?.();
      }}
      onKeyDown={(event) => event.key === 'Escape' && close(true)}
      onClick={(event) => (event.target as Element).closest('.menu-item') && close(false)}
    >
      <summary class="icon-button" aria-label={label}>
        <Icon name="more" />
      </summary>
      <div class="menu-list">{children}</div>
    </details>
  );
}
