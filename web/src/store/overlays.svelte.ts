/** What can be drawn over the candles. */
export const overlayNames = ['zones', 'liquidations', 'events'] as const;
export type OverlayName = (typeof overlayNames)[number];

const storageKey = 'virtuoso.overlays';
const standard: OverlayName[] = ['zones', 'events'];

/** Which of them are shown: the person's choice, which is remembered. */
export class OverlayChoice {
  shown = $state.raw<ReadonlySet<OverlayName>>(new Set(standard));

  constructor() {
    try {
      const stored = localStorage.getItem(storageKey);
      if (stored !== null) this.shown = new Set(overlayNames.filter((name) => stored.split(' ').includes(name)));
    } catch {
      // Storage may be forbidden: the standard then.
    }
  }

  toggle(name: OverlayName): void {
    const next = new Set(this.shown);
    if (!next.delete(name)) next.add(name);
    this.shown = next;
    try {
      localStorage.setItem(storageKey, [...next].join(' '));
    } catch {
      // The choice then lasts for this visit.
    }
  }
}
