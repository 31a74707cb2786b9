// Who of the tabs listens: the browser's locks, or the same within one tab where a plain-HTTP page has none.

type Mode = 'exclusive' | 'shared';

export interface Locks {
  request(
    name: string,
    options: { mode?: Mode; steal?: boolean },
    hold: () => Promise<void>,
  ): Promise<unknown>;
}

export const canShare = (): boolean => 'locks' in navigator && 'BroadcastChannel' in globalThis;

export const locks = (): Locks => (canShare() ? navigator.locks : ownLocks);

interface Waiting {
  mode: Mode;
  start(): Promise<void>;
}

class OwnLocks implements Locks {
  private readonly lines = new Map<string, { held: Mode[]; waiting: Waiting[] }>();

  request(name: string, { mode = 'exclusive' }: { mode?: Mode }, hold: () => Promise<void>): Promise<void> {
    return new Promise((done, failed) => {
      const start = () => hold().then(done, failed);
      this.line(name).waiting.push({ mode, start });
      queueMicrotask(() => this.grant(name));
    });
  }

  private grant(name: string): void {
    const line = this.line(name);
    for (let next = line.waiting[0]; next && fits(line.held, next.mode); next = line.waiting[0]) {
      const { mode, start } = next;
      line.waiting.shift();
      line.held.push(mode);
      void start().finally(() => {
        line.held.splice(line.held.indexOf(mode), 1);
        this.grant(name);
      });
    }
  }

  private line(name: string) {
    const line = this.lines.get(name) ?? { held: [], waiting: [] };
    this.lines.set(name, line);
    return line;
  }
}

const fits = (held: Mode[], mode: Mode) =>
  held.length === 0 || (mode === 'shared' && !held.includes('exclusive'));

const ownLocks = new OwnLocks();
