/** Measurements, in one line each; remembers whether a claim was missed. */
export class Report {
  missed = 0;

  heading(text: string): void {
    console.log(`\n${text}`);
  }

  /** A number without a claim. */
  number(what: string, value: number, unit: string): void {
    console.log(`  ${what.padEnd(58)} ${format(value)} ${unit}`);
  }

  /** A number that must not be more than `most`. */
  atMost(what: string, value: number, most: number, unit: string): void {
    const kept = value <= most;
    if (!kept) this.missed++;
    const verdict = `claim: at most ${most} ${unit}, ${kept ? 'kept' : 'MISSED'}`;
    console.log(`  ${what.padEnd(58)} ${format(value)} ${unit}   ${verdict}`);
  }

  /** A ratio that must reach `atLeast`. */
  claim(what: string, ratio: number, atLeast: number): void {
    const reached = ratio >= atLeast;
    if (!reached) this.missed++;
    const verdict = `claim: at least ${atLeast} x, ${reached ? 'reached' : 'MISSED'}`;
    console.log(`  ${what.padEnd(58)} ${ratio.toFixed(2).padStart(9)} x   ${verdict}`);
  }
}

function format(value: number): string {
  const digits = value >= 100 ? 0 : 2;
  return value
    .toFixed(digits)
    .replace(/\B(?=(\d{3})+$)/g, ' ')
    .padStart(9);
}
