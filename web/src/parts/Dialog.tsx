// A native dialog: a sheet on phones, a card on wide screens. The browser keeps focus inside and Escape working.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { Icon } from './Icon';

interface Props {
  title: string;
  onClose(): void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      requestAnimationFrame(() => giveFocusBack(before));
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={id}
      onCancel={(cancel) => {
        // The page takes the dialog away at once: the browser's own close is told a frame later,
        // and would take a dialog along that was opened in between.
        cancel.preventDefault();
        onClose();
      }}
      onClose={({ currentTarget }) => currentTarget.isConnected && onClose()}
    >
      <header class="sheet-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="icon-button" onClick={onClose} aria-label={t('action.close')}>
          <Icon name="close" />
        </button>
      </header>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}

/** Taken out of the page, a dialog leaves the keyboard nowhere: back to where it came from. */
function giveFocusBack(before: Element | null): void {
  if (document.activeElement === document.body && before?.isConnected)
    (before as HTMLElement).focus({ preventScroll: true });
}
