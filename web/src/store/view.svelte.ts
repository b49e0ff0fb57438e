import { defaultView, formatView, parseView, type ViewState } from './url_state';

/** The view state as reactive fields, mirrored in the address. */
export class View {
  state = $state.raw<ViewState>(defaultView);

  constructor(private readonly page: Window) {
    this.state = parseView(page.location.hash);
    page.addEventListener('popstate', () => this.#read());
    page.addEventListener('hashchange', () => this.#read());
  }

  /** Another page or symbol is a step in the browser's history, the rest refines the current step. */
  change(fields: Partial<ViewState>): void {
    const next = { ...this.state, ...fields };
    const isStep = next.symbol !== this.state.symbol || next.page !== this.state.page;
    this.state = next;
    const url = this.page.location.pathname + this.page.location.search + formatView(next);
    if (isStep) this.page.history.pushState(null, '', url);
    else this.page.history.replaceState(null, '', url);
  }

  #read(): void {
    this.state = parseView(this.page.location.hash);
  }
}
