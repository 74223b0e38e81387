import { choiceOption } from './choice.ts';

/** Clocks by which a record's time can be shown. */
const CLOCKS = {
  local: "this computer's time zone",
  utc: 'coordinated universal time',
  display: "the receiver's screen",
} as const;

export type Clock = keyof typeof CLOCKS;

export const TIME_OPTION = choiceOption(
  '--time <clock>',
  "show times in this computer's time zone (local, the default), in utc, or as the receiver's screen showed them (display)",
  CLOCKS,
);
