// Server-sent events from a fetch body. The browser's own EventSource hides frames that carry an id alone,
// and those are what tells a hidden change from a lost one.

export interface SseFrame {
  id: string | null;
  event: string;
  data: string | null;
}

export interface SseReader {
  push(text: string): void;
}

export function sseReader(onFrame: (frame: SseFrame) => void, onRetry: (ms: number) => void): SseReader {
  let rest = '';
  let frame = empty();
  const line = (text: string) => {
    if (text === '') {
      if (frame.id !== null || frame.data !== null) onFrame(frame);
      frame = empty();
      return;
    }
    frame = withField(frame, text, onRetry);
  };
  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      lines.forEach(line);
    },
  };
}

const empty = (): SseFrame => ({ id: null, event: 'message', data: null });

function withField(frame: SseFrame, text: string, onRetry: (ms: number) => void): SseFrame {
  const colon = text.indexOf(':');
  if (colon === 0) return frame;
  const field = colon < 0 ? text : text.slice(0, colon);
  const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
  if (field === 'id') return { ...frame, id: value };
  if (field === 'event') return { ...frame, event: value };
  if (field === 'data') return { ...frame, data: frame.data === null ? value : `${frame.data}\n${value}` };
  if (field === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
  return frame;
}
