// What can go wrong with a request, as two types: the server refused (Problem) or nobody answered (Unreachable).

export interface FieldError {
  field: string;
  message: string;
}

interface ProblemBody {
  code?: string;
  title?: string;
  detail?: string;
  errors?: FieldError[];
  current?: unknown;
  action?: string;
  retry_after?: number;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly current: unknown;
  readonly rollback: boolean;
  readonly retryAfter: number | null;

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? '');
    this.status = status;
    this.code = body.code ?? `http_${status}`;
    this.errors = body.errors ?? [];
    this.current = body.current;
    this.rollback = body.action === 'ROLLBACK';
    this.retryAfter = body.retry_after ?? null;
  }

  /** The server is busy or restarting: the same request may be sent again with the same key. */
  get passing(): boolean {
    return this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export class Unreachable extends Error {}

export async function problemOf(response: Response): Promise<Problem> {
  const body: ProblemBody = await response.json().catch(() => ({}));
  const header = Number(response.headers.get('Retry-After'));
  const retry_after = body.retry_after ?? (header > 0 ? header : undefined);
  return new Problem(response.status, { ...body, ...(retry_after ? { retry_after } : {}) });
}
