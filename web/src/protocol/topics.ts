import type { Timeframe } from './types';

export const overviewTopic = 'overview';
export const portfolioTopic = 'portfolio';
export const riskTopic = 'risk';
export const positionsTopic = 'positions';
export const ordersTopic = 'orders';
export const scoreTopic = (id: string): string => `score.${id}`;
export const bookTopic = (id: string): string => `book.${id}`;
export const marketsTopic = (id: string): string => `markets.${id}`;
export const tradesTopic = (id: string): string => `trades.${id}`;
export const candlesTopic = (id: string, timeframe: Timeframe): string => `candles.${id}.${timeframe}`;
export const zonesTopic = (id: string): string => `zones.${id}`;
export const liquidationsTopic = (id: string): string => `liquidations.${id}`;
export const footprintTopic = (id: string): string => `footprint.${id}`;
export const profileTopic = (id: string): string => `profile.${id}`;
export const eventsTopic = (id: string): string => `events.${id}`;
export const indicatorsTopic = (id: string, timeframe: Timeframe): string => `indicators.${id}.${timeframe}`;
