/** The colours of a chart, from the page's style sheet, so that every mode has its own. */
export interface Ink {
  readonly curve: string;
  readonly low: string;
  readonly high: string;
  readonly band: string;
  readonly bandEdge: string;
  readonly grid: string;
  readonly text: string;
  readonly mark: string;
  readonly paper: string;
}

/** The colours that hold for an element now. */
export function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const ink = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    curve: ink('curve'),
    low: ink('low'),
    high: ink('high'),
    band: ink('band'),
    bandEdge: ink('band-edge'),
    grid: ink('grid'),
    text: ink('muted'),
    mark: ink('text'),
    paper: ink('surface'),
  };
}
