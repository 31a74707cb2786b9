// Tells the room when the person turns away from the device and when they are back. A new line begins as active.
import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { presence } from '../../api/personal';
import { idle } from '../../live/idle';
import { useRoom } from './context';

export function usePresence(): void {
  const room = useRoom();
  useEffect(() => {
    let told: 'active' | 'idle' = 'active';
    return effect(() => {
      if (room.line.value.kind !== 'open') {
        told = 'active';
        return;
      }
      const now = idle.value ? 'idle' : 'active';
      if (now === told) return;
      told = now;
      presence.tell(room.id, now).catch(() => {});
    });
  }, [room]);
}
