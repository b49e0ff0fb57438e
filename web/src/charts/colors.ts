/** The theme's tokens, for what is drawn on a canvas and so cannot use them by name. */
export interface ChartColors {
  background: string;
  text: string;
  grid: string;
  border: string;
  up: string;
  down: string;
  upVolume: string;
  downVolume: string;
  accent: string;
}

export function chartColors(root: Element): ChartColors {
  const style = getComputedStyle(root);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    background: token('--panel'),
    text: token('--muted'),
    grid: token('--grid'),
    border: token('--line'),
    up: token('--up'),
    down: token('--down'),
    upVolume: token('--up-soft'),
    downVolume: token('--down-soft'),
    accent: token('--accent'),
  };
}
