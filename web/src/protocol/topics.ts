import type { Timeframe } from './types';

export const overviewTopic = 'overview';
export const scoreTopic = (id: string): string => `score.${id}`;
export const bookTopic = (id: string): string => `book.${id}`;
export const marketsTopic = (id: string): string => `markets.${id}`;
export const tradesTopic = (id: string): string => `trades.${id}`;
export const candlesTopic = (id: string, timeframe: Timeframe): string => `candles.${id}.${timeframe}`;
