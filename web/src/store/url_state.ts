import { timeframes, type Timeframe } from '../protocol/types';
import { columns, defaultSort, type Sort } from './table';

/** What fills the page: the symbols, or the account with its risk and positions. */
export type PageName = 'market' | 'risk';

/** What a link to the page carries. Kept in the hash, so it works below any path and never reaches the server. */
export interface ViewState {
  page: PageName;
  symbol: string | null;
  filter: string;
  sort: Sort;
  timeframe: Timeframe;
}

export const defaultView: ViewState = { page: 'market', symbol: null, filter: '', sort: defaultSort, timeframe: '1m' };

export function parseView(hash: string): ViewState {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const key = fields.get('sort');
  const timeframe = fields.get('tf') as Timeframe | null;
  return {
    page: fields.get('page') === 'risk' ? 'risk' : defaultView.page,
    symbol: fields.get('symbol') || null,
    filter: fields.get('q') ?? '',
    sort:
      key !== null && columns.some((column) => column.key === key)
        ? { key, direction: fields.get('dir') === 'asc' ? 'asc' : 'desc' }
        : defaultSort,
    timeframe: timeframe !== null && timeframes.includes(timeframe) ? timeframe : defaultView.timeframe,
  };
}

/** Defaults are left out, so the plain page has a plain address. */
export function formatView(view: ViewState): string {
  const fields = new URLSearchParams();
  if (view.page !== defaultView.page) fields.set('page', view.page);
  if (view.symbol) fields.set('symbol', view.symbol);
  if (view.filter) fields.set('q', view.filter);
  if (view.sort.key !== defaultSort.key || view.sort.direction !== defaultSort.direction) {
    fields.set('sort', view.sort.key);
    fields.set('dir', view.sort.direction);
  }
  if (view.timeframe !== defaultView.timeframe) fields.set('tf', view.timeframe);
  const text = fields.toString();
  return text ? `#${text}` : '';
}
