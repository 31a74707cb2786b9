// Files that are dragged over a conversation: anywhere on it they may be let go. Words that are dragged stay the browser's.
import { useSignal } from '@preact/signals';
import type { Uploads } from '../../store/talk/uploads';

export const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])];

const carriesFiles = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;

export function useDrop(uploads: Uploads | null) {
  const over = useSignal(false);
  if (!uploads) return { over: false, handlers: {} };
  const taken = (work: (event: DragEvent) => void) => (event: DragEvent) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    work(event);
  };
  return {
    over: over.value,
    handlers: {
      onDragOver: taken(() => {
        over.value = true;
      }),
      onDragLeave: (event: DragEvent) => {
        const box = event.currentTarget as Element;
        if (!box.contains(event.relatedTarget as Node | null)) over.value = false;
      },
      onDrop: taken((event) => {
        over.value = false;
        uploads.add(filesOf(event.dataTransfer));
      }),
    },
  };
}
