import type { Session as Login } from '../protocol/api';
import type { ApiClient } from '../transport/api_client';

/** What a person may do now with what changes the account, or what it takes first. */
export type Leave = 'unknown' | 'needs_login' | 'needs_role' | 'needs_code' | 'granted';

/** Who looks at the page. Asked for when something needs to know, and again when the program refused a change. */
export class Visitor {
  login = $state.raw<Login | null>(null);
  problem = $state<string | null>(null);

  constructor(
    private readonly client: ApiClient,
    /** What was opened for nobody has to be opened anew for somebody. */
    private readonly changed: () => void,
  ) {}

  readonly isKnown = $derived.by(() => this.login !== null && this.login.user !== null);

  async look(): Promise<void> {
    const before = this.login;
    try {
      const login = await this.client.session();
      this.login = login;
      this.problem = null;
      if (before !== null && before.user !== login.user) this.changed();
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** in: now: of the server; a code of the authenticator holds for a while */
  leaveToTrade(now: number): Leave {
    if (this.login === null) return 'unknown';
    const { user, role, has_second_factor, second_factor_until } = this.login;
    if (user === null) return 'needs_login';
    if (role !== 'trader' && role !== 'admin') return 'needs_role';
    return has_second_factor && (second_factor_until ?? 0) <= now ? 'needs_code' : 'granted';
  }

  async enterCode(code: string): Promise<void> {
    await this.client.call('POST /api/auth/totp', { body: { code } });
    await this.look();
  }
}
