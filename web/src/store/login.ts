import type { Session } from '../protocol/api';
import type { ApiClient } from '../transport/api_client';

/** The pages that a login leads to, by the name in `?next=`. Nothing else is followed: no page sends a person elsewhere. */
const pages: Record<string, string> = { mobile: './mobile', docs: './docs' };

/** Where to go after a login, with what was open there. */
export function pageAfterLogin(search: string, hash: string): string {
  const next = new URLSearchParams(search).get('next') ?? '';
  return (Object.hasOwn(pages, next) ? (pages[next] ?? './') : './') + hash;
}

/** The login page that leads back to where one is. */
export function loginPage(path: string, hash: string): string {
  const name = path.split('/').at(-1) ?? '';
  return `./login${Object.hasOwn(pages, name) ? `?next=${name}` : ''}${hash}`;
}

const askEveryMs = 5_000;

/**
 * Sends the person to the login page once the program lets nobody in without one: asked when the connection is lost,
 * since a browser does not tell a page why its socket was refused.
 */
export class LoginWatch {
  #askedAt = -Infinity;

  constructor(
    private readonly client: ApiClient,
    private readonly now: () => number,
    private readonly leave: () => void,
  ) {}

  async onTrouble(): Promise<void> {
    if (this.now() - this.#askedAt < askEveryMs) return;
    this.#askedAt = this.now();
    const session: Session | null = await this.client.session().catch(() => null);
    if (session?.may_read_market === false) this.leave();
  }
}
