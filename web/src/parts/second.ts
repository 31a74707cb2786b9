// The time on this device, anew each second, for as long as somebody looks.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

export function useSecond(): number {
  const now = useSignal(Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 1_000);
    return () => clearInterval(timer);
  }, []);
  return now.value;
}
