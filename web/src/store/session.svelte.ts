import { getContext, setContext } from 'svelte';
import { overviewTopic } from '../protocol/topics';
import { browserSurroundings } from '../transport/browser';
import { ApiClient } from '../transport/api_client';
import { Connection, type ConnectionStatus } from '../transport/connection';
import { Account } from './account.svelte';
import { Clock } from './clock.svelte';
import { browserFrames, FrameScheduler } from './frame';
import { KillSwitch } from './kill_switch.svelte';
import { loginPage, LoginWatch } from './login';
import { Market } from './market.svelte';
import { OverlayChoice } from './overlays.svelte';
import { ThemeChoice } from './theme.svelte';
import type { RiskModeName } from './trading';
import { View } from './view.svelte';
import { Visitor } from './visitor.svelte';

const resortEveryMs = 1_000;

/** Everything one open page holds: the connection, the overview, the clock and the person's choices. */
export class Session {
  readonly frames = new FrameScheduler(browserFrames);
  readonly clock = new Clock();
  readonly market = new Market(this.frames, (seq) => this.connection.painted(seq));
  readonly theme = new ThemeChoice(document);
  readonly view = new View(window);
  readonly overlays = new OverlayChoice();
  readonly client = new ApiClient(document.baseURI);
  readonly connection: Connection;
  readonly visitor = new Visitor(this.client, () => this.connection.reopen());
  readonly killSwitch = new KillSwitch(this.client, this.visitor);
  readonly #login = new LoginWatch(this.client, () => Date.now(), () => location.replace(loginPage(location.pathname, location.hash)));
  readonly account: Account;
  status: ConnectionStatus;
  /** Trading on paper or for real; false too while it is not known. */
  readonly isTrading = $derived.by(() => (this.market.mode?.trading ?? 'off') !== 'off');
  /** The account's mode, as it is known to who looks; null: not known. */
  readonly riskMode: RiskModeName | null = $derived.by(() => this.account.risk?.data?.risk_mode?.mode ?? (this.market.mode?.kill_switch ? 'HALTED' : null));
  /** Bumped once a second: sorted lists order themselves anew, rows do not jump in between. */
  resort = $state(0);

  constructor() {
    this.connection = new Connection(
      browserSurroundings,
      (status) => {
        this.status = status;
        this.clock.setOffset(status.clockOffsetMs);
        if (status.phase === 'reconnecting') void this.#login.onTrouble();
      },
      (hello) => this.market.setMode(hello.mode),
    );
    this.account = new Account(this.connection, this.frames);
    this.status = $state.raw(this.connection.status);
  }

  start(): void {
    this.connection.subscribe(overviewTopic, this.market);
    this.connection.start();
    this.clock.start();
    window.setInterval(() => (this.resort += 1), resortEveryMs);
    window.addEventListener('online', () => this.connection.networkChanged());
    window.addEventListener('offline', () => this.connection.networkChanged());
    document.addEventListener('visibilitychange', () => {
      // In a frame, as always: what is said to be painted after the next one must have been in this one.
      if (!document.hidden) browserFrames.requestFrame(this.frames.run);
    });
  }
}

/** Of a page, while it is open: what every page says of the account. */
export function followAccount(session: Session): void {
  $effect(() => {
    if (session.isTrading) void session.visitor.look();
  });
  // The login has ended: what the page holds of the account is not shown any longer.
  $effect(() => {
    if (session.account.risk?.problem?.status === 401) void session.visitor.look();
  });
  $effect(() => (session.isTrading && session.visitor.isKnown ? session.account.follow() : undefined));
}

const key = Symbol('session');

export const provideSession = (session: Session): Session => setContext(key, session);
export const useSession = (): Session => getContext<Session>(key);
