import { LOSS_SIGNS, type LossSign, type LostTime } from '@egvkit/receiver-emulator';
import { invalid, listOf } from '../../options/usage.ts';

const FORM = /^(stood|ran-back|restarted)(?::(\d{1,4})([mh]))?@(\d{1,4})([mhd])(?::([a-z,]+))?$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const SIGNS: Readonly<Record<string, readonly LossSign[]>> = {
  flag: ['settingsFlag'],
  session: ['sessionEnd'],
  offset: ['systemOffset'],
  none: [],
};

/**
 * The loss of time that `--time-lost` names: `stood:3h@2h`, `ran-back:45m@1d:flag,offset` or
 * `restarted@2h:none`.
 *
 * @throws UsageError
 */
export function parseTimeLoss(text: string, nowMs: number): LostTime {
  const [, how, amount, unit, ago, agoUnit, names] = FORM.exec(text) ?? [];
  const signs = names?.split(',').map((name) => SIGNS[name]) ?? [LOSS_SIGNS];
  const isWhole = (how === 'restarted') === (amount === undefined);
  if (how === undefined || !isWhole || signs.includes(undefined)) {
    throw invalid(
      '--time-lost',
      text,
      'use stood:3h@2h, ran-back:3h@2h or restarted@2h, and behind another colon ' +
        listOf(Object.keys(SIGNS)),
    );
  }
  const atMs = nowMs - Number(ago) * (UNIT_MS[agoUnit ?? ''] ?? 0);
  const common = { atMs, signs: signs.flatMap((some) => some ?? []) };
  if (how === 'restarted') return { ...common, how };
  const seconds = (Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)) / 1000;
  return { ...common, how: how === 'stood' ? 'stoodStill' : 'ranBack', seconds };
}
