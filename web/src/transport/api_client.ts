import type { Api, Problem } from '../protocol/api';

type Taken<R extends keyof Api> = Omit<Api[R], 'answer'>;
type Answer<R extends keyof Api> = Api[R]['answer'];

/** What the program refused, and why. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    /** Seconds after which it may be asked again; null: it does not say. */
    readonly retryAfter: number | null,
  ) {
    super(detail);
  }
}

/** The part of fetch that is used, so that tests can stand in for it. */
export type Fetch = (url: string, options: RequestInit) => Promise<Response>;

const withPath = (pattern: string, path: Record<string, string>) =>
  pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''));

function withQuery(query: Record<string, unknown>): string {
  const parts = Object.entries(query).filter(([, value]) => value !== undefined);
  return parts.length === 0 ? '' : `?${new URLSearchParams(parts.map(([name, value]) => [name, String(value)]))}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const said = (await response.json().catch(() => null)) as Partial<Problem> | null;
  const after = Number(response.headers.get('retry-after') ?? Number.NaN);
  const title = said?.title ?? response.statusText;
  return new ApiProblem(response.status, title, said?.detail ?? title, Number.isFinite(after) ? after : null);
}

/**
 * Calls the routes of the program beside the page, also below a sub-path. What a route takes and answers is in
 * protocol/api.ts, which is made from the program's OpenAPI document.
 */
export class ApiClient {
  #requestToken: string | null = null;

  constructor(
    private readonly base: string,
    private readonly fetch: Fetch = (url, options) => globalThis.fetch(url, options),
  ) {}

  /** Who is asking. Changes that follow are sent with this session's token. */
  async session(): Promise<Answer<'GET /api/auth/session'>> {
    const session = await this.call('GET /api/auth/session', {});
    this.#requestToken = session.csrf_token;
    return session;
  }

  async call<R extends keyof Api>(route: R, taken: Taken<R>): Promise<Answer<R>> {
    const { path = {}, query = {}, body } = taken as { path?: Record<string, string>; query?: Record<string, unknown>; body?: unknown };
    const [method = 'GET', pattern = '/'] = route.split(' ');
    const headers: Record<string, string> = {};
    if (method !== 'GET') {
      headers['content-type'] = 'application/json';
      if (this.#requestToken !== null) headers['x-csrf-token'] = this.#requestToken;
    }
    const options: RequestInit = { method, headers, cache: 'no-store' };
    if (method !== 'GET') options.body = JSON.stringify(body ?? {});
    const response = await this.fetch(new URL(`.${withPath(pattern, path)}${withQuery(query)}`, this.base).href, options);
    if (!response.ok) throw await problemOf(response);
    return (await response.json()) as Answer<R>;
  }
}
