import type { Mode } from './types';

export interface TradingStanding { state: 'off' | 'waiting' | 'on' | 'stopped'; reason: string | null }
/** What each document begins with; over /ws without time and mode. */
interface Head { timestamp?: number; mode?: Mode; trading: TradingStanding; currency: string | null }
export interface AccountTrade {
  number: number; id: string; symbol: string; signal: string | null; strategy: string; direction: 'long' | 'short'; state: 'entering' | 'open' | 'closing' | 'closed'; end: string | null;
  decided_at: number; entered_at: number | null; ended_at: number | null; expires_at: number; planned_quantity: number; entered_quantity: number; open_quantity: number;
  reference_price: number; average_price: number | null; stop_price: number; is_protected: boolean | null; mark_price: number | null; unrealised: number | null;
  realised: number; fees: number; funding: number; net: number; r_multiple: number | null; slippage_bps: number | null; mfe_bps: number | null; mae_bps: number | null;
  targets: { price: number; share: number }[]; attribution: { dimension: string; share: number }[];
}
export interface Position extends AccountTrade {
  entry_price: number | null; open_r_multiple: number | null; confirmed_stop_price: number | null; unprotected_since: number | null; worth: number | null;
  margin: number | null; leverage: number | null; liquidation_price: number | null;
}
export interface Order {
  order: string; trade: number; id: string; symbol: string; purpose: string; side: 'buy' | 'sell'; kind: string; time_in_force: string; reduce_only: boolean; state: string;
  created_at: number; quantity: number; filled_quantity: number; price: number | null; trigger_price: number | null; revision: number; reason: string | null;
  is_sent: boolean; is_accepted: boolean; is_unanswered: boolean; is_cancelling: boolean; asked: number; executions: number;
}
export interface Positions extends Head { positions: Position[] | null; external: { id: string; symbol: string; quantity: number }[] | null }
export interface Orders extends Head { orders: Order[] | null }
export interface AccountTrades { market: string; trades: { state: string; changed_at: number; trade: AccountTrade }[]; cursor: string | null }
export type EquitySpan = { began_at: number; first_equity: number; result: number | null; result_pct: number | null; worst_loss_pct: number } | null;
export interface Portfolio extends Head {
  equity: number | null; wallet: number | null; available: number | null; margin: number | null; unrealised: number | null; realised: number | null; fees: number | null; funding: number | null;
  peak_equity: number | null; drawdown_pct: number | null; day: EquitySpan; week: EquitySpan;
}
export type RiskMode = { mode: 'ACTIVE' | 'REDUCING' | 'HALTED'; since: number | null; who: string | null; reason: string | null } | null;
export interface LimitUse { code: string; key: string; value: number | null; limit: number; unit: string; use: number | null; amount: number | null }
export interface Denial { at: number; id: string; symbol: string; signal: string; reasons: { code: string; text: string; remedy: string }[] }
export interface Risk extends Head {
  risk_mode: RiskMode; is_reconciled: boolean | null; equity: number | null; equity_age_ms: number | null; size_multiplier: number | null; limits: LimitUse[] | null;
  loss_cooldown_left_seconds: number | null; venue_cooldown_left_seconds: number | null; denials: Denial[] | null; warnings: { at: number; kind: string; trade: number | null; text: string }[] | null;
}
export interface TradingDone { mode: NonNullable<RiskMode>['mode']; is_stored: boolean; text: string | null }
