import type { Portfolio, Risk } from '../protocol/types';
import { portfolioTopic, riskTopic } from '../protocol/topics';
import type { Connection } from '../transport/connection';
import type { FrameScheduler } from './frame';
import { DocumentStore } from './symbol.svelte';

/** What is said of the account on every page: followed once there is one and somebody who may see it. */
export class Account {
  risk = $state.raw<DocumentStore<Risk> | null>(null);
  portfolio = $state.raw<DocumentStore<Portfolio> | null>(null);

  constructor(
    private readonly connection: Connection,
    private readonly frames: FrameScheduler,
  ) {}

  /** out: ends it */
  follow(): () => void {
    const risk = new DocumentStore<Risk>(this.connection, this.frames, riskTopic);
    const portfolio = new DocumentStore<Portfolio>(this.connection, this.frames, portfolioTopic);
    this.risk = risk;
    this.portfolio = portfolio;
    return () => {
      risk.close();
      portfolio.close();
      this.risk = null;
      this.portfolio = null;
    };
  }
}
