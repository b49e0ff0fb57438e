import { dimensionNames, type DimensionName, type Row } from '../protocol/types';

export interface Column {
  key: string;
  header: string;
  /** What it is, in which unit, from where: the tooltip of the header. */
  about: string;
  /** null sorts last in either direction */
  value(row: Row): number | string | null;
  firstDirection: 'asc' | 'desc';
}

export const dimensionHeaders: Record<DimensionName, string> = {
  order_flow: 'Flow',
  sentiment: 'Sent',
  liquidity: 'Liq',
  bitcoin_beta: 'Beta',
  smart_money: 'Smart',
  machine_learning: 'ML',
};

const dimensionAbout: Record<DimensionName, string> = {
  order_flow: 'Order flow: who trades aggressively',
  sentiment: 'Sentiment: positions, funding, liquidations',
  liquidity: 'Liquidity: what rests in the book',
  bitcoin_beta: 'Bitcoin beta: what Bitcoin implies for this symbol',
  smart_money: 'Smart money: large and patient traders',
  machine_learning: 'Machine learning: the promoted model',
};

const number = (key: string, header: string, about: string, value: Column['value']): Column => ({
  key,
  header,
  about,
  value,
  firstDirection: 'desc',
});

export const columns: Column[] = [
  {
    key: 'symbol',
    header: 'Symbol',
    about: 'Instrument of the primary venue, in unified form',
    value: (row) => row.symbol,
    firstDirection: 'asc',
  },
  number('price', 'Last', 'Last trade price, in quote currency, from the venue ticker', (row) => row.price),
  number('change', '24h', 'Change over 24 hours, in percent, from the venue ticker', (row) => row.change_24h_pct),
  number('score', 'Score', 'Confluence score, 0 to 100; 50 is neutral, above leans long, below short', (row) => row.score),
  ...dimensionNames.map((name) =>
    number(name, dimensionHeaders[name], `${dimensionAbout[name]}; 0 to 100, 50 is neutral`, (row) => row.dimensions[name] ?? null),
  ),
  number('spread', 'Spread', 'Best ask minus best bid, in basis points of the mid, from the order book', (row) => row.spread_bps),
  number('funding', 'Funding', 'Running funding rate for its interval, in percent, from the venue ticker', (row) => row.funding_rate),
  number('turnover', 'Turnover', 'Turnover of 24 hours, in US dollars, from the venue ticker', (row) => row.turnover_24h_usd),
  number('age', 'Age', 'Age of the newest input of this row, in seconds', (row) => row.age_ms),
];

export const compactColumnKeys = new Set(['symbol', 'price', 'change', 'score']);

export interface Sort {
  key: string;
  direction: 'asc' | 'desc';
}

export const defaultSort: Sort = { key: 'turnover', direction: 'desc' };

/** Ids in display order. Unknown values come last in both directions; ties are broken by id, so the order is total. */
export function sortedIds(rows: Iterable<Row>, sort: Sort): string[] {
  const column = columns.find((candidate) => candidate.key === sort.key) ?? (columns[0] as Column);
  const sign = sort.direction === 'asc' ? 1 : -1;
  const keyed = [...rows].map((row) => ({ id: row.id, value: column.value(row) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1;
    } else if (a.value !== b.value) {
      return (a.value < b.value ? -1 : 1) * sign;
    }
    return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  });
  return keyed.map(({ id }) => id);
}

/** Every word of the filter must occur in the symbol, the id or the exchange. */
export function matchesFilter(row: Row, filter: string): boolean {
  const text = `${row.symbol} ${row.id} ${row.exchange}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** A list of rows of one height in a scroller, all in px. */
export interface Scroller {
  scrollTop: number;
  viewHeight: number;
  /** 0 while it is not known. */
  rowHeight: number;
  rowCount: number;
}

/** The first and the last row that are in view or less than `marginPx` from it; all of them while the height is not known. */
export function nearRows({ scrollTop, viewHeight, rowHeight, rowCount }: Scroller, marginPx: number): [first: number, last: number] {
  if (rowHeight === 0) return [0, rowCount - 1];
  // A list that has just become shorter is scrolled back only when it is laid out.
  const top = Math.max(0, Math.min(scrollTop, rowCount * rowHeight - viewHeight));
  const first = Math.max(0, Math.floor((top - marginPx) / rowHeight));
  const last = Math.min(rowCount - 1, Math.floor((top + viewHeight + marginPx) / rowHeight));
  return [first, last];
}

/** The next sort after a click on a header. */
export function toggledSort(sort: Sort, key: string): Sort {
  if (sort.key === key) return { key, direction: sort.direction === 'asc' ? 'desc' : 'asc' };
  const column = columns.find((candidate) => candidate.key === key);
  return { key, direction: column?.firstDirection ?? 'desc' };
}
