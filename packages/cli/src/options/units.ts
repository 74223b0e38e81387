import { choiceOption } from './choice.ts';

/** Units that people read glucose in. Everything inside egvkit is mg/dL. */
const UNITS = {
  'mg/dL': 'as in the United States',
  'mmol/L': 'as in Canada, the United Kingdom and most of Europe',
} as const;

export type Unit = keyof typeof UNITS;

/** The unit unless one is given. */
export const DEFAULT_UNIT: Unit = 'mg/dL';

export const UNITS_OPTION = choiceOption(
  '--units <unit>',
  'show glucose in mg/dL (default) or mmol/L',
  UNITS,
);
