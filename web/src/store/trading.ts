import type { AccountTrade, LimitUse, Order, Position, RiskMode, Shortfall, TradingStanding } from '../protocol/types';
import { absent, formatName, formatNumber } from './format';

export type RiskModeName = NonNullable<RiskMode>['mode'];

/** What a mode means, with a sign so that colour is not the only one. */
export const riskModes: Record<RiskModeName, { sign: string; mood: string; meaning: string }> = {
  ACTIVE: { sign: '●', mood: 'up', meaning: 'new positions may be opened' },
  REDUCING: { sign: '◐', mood: 'warn', meaning: 'no new positions; those that are open run to their stops and targets' },
  HALTED: { sign: '■', mood: 'down', meaning: 'no new positions; entries that were open are cancelled' },
};

/** Why there is nothing to show of the account; null: there is something. */
export function standWords({ state, reason }: TradingStanding): { title: string; text: string } | null {
  if (state === 'on') return null;
  const titles = { off: 'Trading is off', waiting: 'Trading has not begun yet', stopped: 'Trading has stopped' };
  const fallbacks = {
    off: 'Start the program with --trade paper to trade the signals on paper: with real prices, and no money at stake.',
    waiting: 'It begins once every market with an open trade is listed.',
    stopped: 'The program gave no reason; its log does.',
  };
  return { title: titles[state], text: reason ?? fallbacks[state] };
}

const nearFrom = 0.8;
export type LimitLevel = 'unknown' | 'free' | 'near' | 'reached';

/** in: use: the share of a limit that is used; null: not known */
export function limitLevel(use: number | null): LimitLevel {
  if (use === null) return 'unknown';
  return use >= 1 ? 'reached' : use >= nearFrom ? 'near' : 'free';
}

export const limitWords: Record<LimitLevel, string> = { unknown: 'not known', free: '', near: 'near', reached: 'reached' };

const limitNames: Record<string, string> = {
  OPEN_RISK: 'Lost if all stops are reached',
  MAX_POSITION: 'Largest position',
  MAX_CLUSTER: 'Moving together',
  MAX_NET: 'One side',
  MAX_GROSS: 'Both sides',
  MAX_BETA: 'Follows Bitcoin',
  MAX_SHORTFALL: 'A bad day',
  MAX_POSITIONS: 'Positions',
  MAX_ORDERS: 'Orders',
  MARGIN_SHORT: 'Margin',
  DAILY_LOSS: 'Loss of the day',
  WEEKLY_LOSS: 'Loss of the week',
  LOSS_COOLDOWN: 'Losses in a row',
  REDUCING: 'Fall until only reducing',
  HALTED: 'Fall until the halt',
};
export const limitName = ({ code }: Pick<LimitUse, 'code'>): string => limitNames[code] ?? formatName(code.toLowerCase());

/** "0.61 of 2", shares of the equity in percent: "61 % of 200 %". */
export function limitFigures({ value, limit, unit }: Pick<LimitUse, 'value' | 'limit' | 'unit'>): string {
  const isShare = /equity/.test(unit);
  const figure = (number: number | null) => (number === null ? absent : isShare ? `${formatNumber(100 * number, limit < 0.1 ? 2 : limit < 0.25 ? 1 : 0)} %` : formatNumber(number, 0));
  return `${figure(value)} of ${figure(limit)}`;
}

/** "−200.00 USDT, 2.0 % of the equity, from 50 % of 20 days". in: null: too little of a market's past is known */
export function shortfallWords(shortfall: Shortfall | null, currency: string): string {
  if (shortfall === null) return 'not known, too little of a market’s past is known';
  const { amount, share, coverage } = shortfall;
  if (amount === 0) return 'nothing is at stake';
  const ofEquity = share === null ? '' : `, ${formatNumber(100 * share, 1)} % of the equity`;
  return `−${formatNumber(amount, 2)} ${currency}${ofEquity}, from ${formatNumber(100 * coverage, 0)} % of 20 days`;
}

/** How far the mark price may still go against a position, in percent of it. out: null: one of the two is not known */
export function liquidationDistance({ mark_price: mark, liquidation_price: liquidation, direction }: Pick<Position, 'mark_price' | 'liquidation_price' | 'direction'>): number | null {
  if (mark === null || liquidation === null || mark <= 0) return null;
  return ((direction === 'long' ? mark - liquidation : liquidation - mark) / mark) * 100;
}

export interface StopWords {
  sign: string;
  text: string;
  mood: 'up' | 'warn' | 'muted';
}

/** Whether the venue holds the stop: a position whose stop nobody confirmed is open to the full loss. */
export function stopWords({ is_protected }: Pick<AccountTrade, 'is_protected'>): StopWords {
  if (is_protected === null) return { sign: '', text: 'nothing open yet', mood: 'muted' };
  return is_protected ? { sign: '✓', text: 'at the venue', mood: 'up' } : { sign: '!', text: 'not confirmed', mood: 'warn' };
}

/** The sides of the score that the decision rests on, the largest first. out: empty: it does not say */
export function whyWords({ attribution }: Pick<AccountTrade, 'attribution'>): string {
  const parts = attribution.filter(({ share }) => share !== 0).sort((a, b) => Math.abs(b.share) - Math.abs(a.share));
  return parts.map(({ dimension, share }) => `${formatName(dimension)} ${formatNumber(100 * share, 0)} %`).join(', ');
}

/** The mean price of the entry: the price at the decision, and what the entry slipped from it. out: null: nothing was entered */
export function entryPrice({ reference_price, slippage_bps, direction }: Pick<AccountTrade, 'reference_price' | 'slippage_bps' | 'direction'>): number | null {
  return slippage_bps === null ? null : reference_price * (1 + ((direction === 'long' ? 1 : -1) * slippage_bps) / 10_000);
}

const ends: Record<string, string> = {
  target: 'target reached',
  stop: 'stopped',
  expired: 'time over',
  requested: 'closed by hand',
  halted: 'halted',
  unprotected: 'no stop was confirmed',
  liquidated: 'liquidated',
  delisted: 'delisted',
  not_entered: 'never entered',
  reconciled: 'gone at the venue',
  leverage_refused: 'leverage refused',
  leverage_unconfirmed: 'leverage not confirmed',
};
export const endWords = (end: string | null): string => (end === null ? absent : (ends[end] ?? formatName(end)));

const orderStates: Record<string, { sign: string; text: string; mood: string }> = {
  intent: { sign: '○', text: 'written down', mood: 'muted' },
  sent: { sign: '◌', text: 'sent', mood: 'muted' },
  open: { sign: '●', text: 'open', mood: '' },
  partially_filled: { sign: '◐', text: 'partly filled', mood: '' },
  filled: { sign: '✓', text: 'filled', mood: 'muted' },
  cancelled: { sign: '×', text: 'cancelled', mood: 'muted' },
  rejected: { sign: '×', text: 'rejected', mood: 'warn' },
  unknown: { sign: '?', text: 'UNKNOWN', mood: 'warn' },
};
export const orderWords = ({ state }: Pick<Order, 'state'>) => orderStates[state] ?? { sign: '', text: formatName(state), mood: '' };

/** What else is to be said of an order. */
export function orderNote(order: Order): string {
  if (order.state === 'unknown') return `nobody says whether the venue has it; asked for ${order.asked} ${order.asked === 1 ? 'time' : 'times'}`;
  const notes = [order.is_cancelling ? 'being cancelled' : '', order.is_unanswered ? 'not answered yet' : '', order.reason ?? ''];
  return notes.filter((note) => note !== '').join(', ');
}

const isOver = ({ state }: Pick<Order, 'state'>): boolean => ['filled', 'cancelled', 'rejected'].includes(state);

/** Whether a person may take it back: what protects or closes a position stays. */
export function canCancel(order: Pick<Order, 'purpose' | 'state' | 'is_cancelling'>): boolean {
  return (order.purpose === 'entry' || order.purpose === 'target') && !isOver(order) && !order.is_cancelling;
}

/** Those first whose state nobody knows, then those that work, then those that are over; the newest first. */
export function sortedOrders(orders: readonly Order[]): Order[] {
  const rank = (order: Order) => (order.state === 'unknown' ? 0 : isOver(order) ? 2 : 1);
  return [...orders].sort((a, b) => rank(a) - rank(b) || b.created_at - a.created_at || (a.order < b.order ? -1 : 1));
}
