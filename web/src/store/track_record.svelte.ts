import type { Api } from '../protocol/api';
import type { ApiClient } from '../transport/api_client';

export type Calibration = Api['GET /api/calibration']['answer'];
export type Performance = Api['GET /api/signals/performance']['answer'];
export type Segment = Calibration['segment'];

/** Where outcomes come from, in the words of the page; figures of two are never mixed. */
export const segmentNames: Record<Segment, string> = {
  live: 'Live',
  demo: 'Demo',
  paper: 'Paper',
  out_of_sample: 'Out of sample',
  in_sample: 'In sample',
  reconstructed: 'Reconstructed',
};

/** What became of signals, of one segment at a time; asked for when somebody looks. */
export class TrackRecordStore {
  calibration = $state.raw<Calibration | null>(null);
  performance = $state.raw<Performance | null>(null);
  problem = $state<string | null>(null);
  #asked = 0;

  constructor(private readonly client: ApiClient) {}

  /** Without a segment: that of the running market. What is shown stays until the answer is there. */
  async load(segment?: Segment): Promise<void> {
    const asked = ++this.#asked;
    const query = segment === undefined ? {} : { segment };
    try {
      const [calibration, performance] = await Promise.all([
        this.client.call('GET /api/calibration', { query }),
        this.client.call('GET /api/signals/performance', { query }),
      ]);
      if (asked !== this.#asked) return; // another segment was chosen meanwhile
      this.calibration = calibration;
      this.performance = performance;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = error instanceof Error ? error.message : String(error);
    }
  }
}
