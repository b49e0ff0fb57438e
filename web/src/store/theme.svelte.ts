export type Theme = 'dark' | 'light';

const storageKey = 'virtuoso.theme';

/** The theme that the blocking script chose, and the person's own choice, which is remembered. */
export class ThemeChoice {
  current = $state<Theme>('dark');

  constructor(private readonly page: Document) {
    this.current = page.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
    const system = page.defaultView?.matchMedia('(prefers-color-scheme: light)');
    system?.addEventListener('change', (event) => {
      if (this.#stored() === null) this.#apply(event.matches ? 'light' : 'dark');
    });
  }

  toggle(): void {
    const next = this.current === 'dark' ? 'light' : 'dark';
    this.#apply(next);
    try {
      localStorage.setItem(storageKey, next);
    } catch {
      // Storage may be forbidden; the choice then lasts for this visit.
    }
  }

  #stored(): string | null {
    try {
      return localStorage.getItem(storageKey);
    } catch {
      return null;
    }
  }

  #apply(theme: Theme): void {
    this.page.documentElement.dataset['theme'] = theme;
    this.current = theme;
  }
}
