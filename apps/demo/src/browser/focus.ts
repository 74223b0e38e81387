/** The element that had the focus last, and what was around it, innermost first. */
let path: readonly HTMLElement[] = [];

function pathOf(element: HTMLElement, root: HTMLElement): readonly HTMLElement[] {
  const found: HTMLElement[] = [];
  for (let at: HTMLElement | null = element; at !== null; at = at.parentElement) {
    found.push(at);
    if (at === root) return found;
  }
  return [];
}

/**
 * Keeps the focus where it was within an element: a button that is pressed and goes away, or waits,
 * would drop it, and who uses keys or a screen reader would be at the top of the page again. What was
 * around it gets the focus, until the button can have it back.
 */
export function keepFocus(root: HTMLElement): void {
  root.addEventListener('focusin', ({ target }) => {
    const element = target as HTMLElement;
    // What was lent the focus stands for what had it.
    if (element === root || !element.matches('[tabindex="-1"]')) path = pathOf(element, root);
  });
  // Who clicks beside everything wants the focus nowhere.
  document.addEventListener('pointerdown', () => {
    path = [];
  });
  new MutationObserver(() => {
    const { activeElement } = document;
    const [own] = path;
    if (own === undefined || activeElement === own) {
      if (own === undefined || !own.matches(':disabled')) return;
    } else if (activeElement !== document.body && !activeElement?.matches('[tabindex="-1"]'))
      return;
    const here = path.find((one) => one.isConnected && !one.matches(':disabled'));
    if (here === undefined || here === activeElement) return;
    if (here !== own && here.tabIndex < 0) here.tabIndex = -1;
    here.focus({ preventScroll: true });
  }).observe(root, { subtree: true, childList: true, attributeFilter: ['disabled'] });
}
