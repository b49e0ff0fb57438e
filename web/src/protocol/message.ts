import type { Mode, Problem } from './types';

export interface Hello {
  type: 'hello';
  protocol: number;
  run: string;
  server_time: number;
  mode: Mode | null;
}

export interface Snapshot {
  type: 'snapshot';
  topic: string;
  seq: number;
  timestamp: number;
  data: unknown;
}

export interface Delta {
  type: 'delta';
  topic: string;
  seq: number;
  since: number;
  timestamp: number;
  data: unknown;
}

export interface ErrorMessage {
  type: 'error';
  topic: string | null;
  problem: Problem;
}

export interface Pong {
  type: 'pong';
  id: number;
  server_time: number;
}

export type ServerMessage = Hello | Snapshot | Delta | ErrorMessage | Pong;

export type ClientMessage =
  | { op: 'subscribe'; topics: string[]; since?: Record<string, number>; run?: string }
  | { op: 'unsubscribe'; topics: string[] }
  | { op: 'ping'; id: number }
  | { op: 'painted'; seq: number };

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isString = (value: unknown): value is string => typeof value === 'string';

function problemOf(value: unknown): Problem {
  const { type, title, status, detail } = isObject(value) ? value : {};
  return {
    type: isString(type) ? type : 'about:blank',
    title: isString(title) ? title : 'The server reported an error without a title',
    status: isNumber(status) ? status : 0,
    detail: isString(detail) ? detail : '',
  };
}

/**
 * One text frame as a message, or null when it is not one of this protocol. Unknown members are ignored, so a newer
 * server may add some; a message whose envelope is incomplete is refused, since applying it could corrupt the state.
 */
export function parseServerMessage(text: string): ServerMessage | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(json)) return null;
  const { topic, seq, since, timestamp, data } = json;
  switch (json['type']) {
    case 'hello': {
      const { protocol, run, server_time, mode } = json;
      if (!isNumber(protocol) || !isString(run) || !isNumber(server_time)) return null;
      return { type: 'hello', protocol, run, server_time, mode: isObject(mode) ? (mode as unknown as Mode) : null };
    }
    case 'snapshot':
      if (!isString(topic) || !isNumber(seq) || !isNumber(timestamp) || !isObject(data)) return null;
      return { type: 'snapshot', topic, seq, timestamp, data };
    case 'delta':
      if (!isString(topic) || !isNumber(seq) || !isNumber(since) || !isNumber(timestamp) || !isObject(data)) return null;
      return { type: 'delta', topic, seq, since, timestamp, data };
    case 'error':
      return { type: 'error', topic: isString(topic) ? topic : null, problem: problemOf(json['problem']) };
    case 'pong': {
      const { id, server_time } = json;
      if (!isNumber(id) || !isNumber(server_time)) return null;
      return { type: 'pong', id, server_time };
    }
    default:
      return null;
  }
}
